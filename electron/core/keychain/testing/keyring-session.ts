import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { scratchDirectory } from '../../testing/scratch-directory.ts';

/**
 * - `unlocked`: a real gnome-keyring, open. `lock()` locks it, and then no prompt can come up to unlock it.
 * - `unanswered`: the same, but once it is locked a prompt comes up that nobody ever answers.
 * - `stuck`: a keyring service that starts and never gets ready.
 * - `absent`: a bus on which nobody provides secrets.
 * - `no bus`: no D-Bus at all.
 */
export type KeyringKind = 'unlocked' | 'unanswered' | 'stuck' | 'absent' | 'no bus';

export type KeyringSession = AsyncDisposable & {
  /** What a process must have as its environment to live in this session: PATH, a clean HOME, the bus. */
  environment: Record<string, string>;
  lock(): Promise<void>;
  unlock(): Promise<void>;
};

const BUS_SESSION = 'dbus-run-session';

/** What must run for a session to be had, and Debian's package of it. */
const needs: [packageName: string, command: string, args: string[]][] = [
  ['dbus', BUS_SESSION, ['--version']],
  ['gnome-keyring', 'gnome-keyring-daemon', ['--version']],
  ['libglib2.0-bin', 'gdbus', ['help']],
  ['libsecret-1-0', process.execPath, ['--eval', 'require("keytar")']],
];

/** Why tests with a real keyring can't run on this machine, naming the packages to install; null when they can. */
export function keyringMissing(): string | null {
  if (process.platform !== 'linux') return 'a real keyring is only started on Linux';
  const missing = needs.filter(
    ([, command, args]) => spawnSync(command, args, { cwd: import.meta.dirname }).status !== 0,
  );
  if (missing.length === 0) return null;
  return `install ${missing.map(([packageName]) => packageName).join(', ')}`;
}

/** A D-Bus session of its own under a HOME of its own, gone with its scope. */
export async function keyringSession(kind: KeyringKind): Promise<KeyringSession> {
  const scratch = await scratchDirectory();
  const environment: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: scratch.path,
    XDG_RUNTIME_DIR: scratch.path,
  };
  if (kind === 'no bus') {
    const end = () => scratch[Symbol.asyncDispose]();
    return { environment, lock: impossible, unlock: impossible, [Symbol.asyncDispose]: end };
  }

  const config = await writeBusConfig(scratch.path, kind);
  const hasKeyring = kind === 'unlocked' || kind === 'unanswered';
  // The session lives until its standard input is closed.
  const script = `${hasKeyring ? UNLOCK : ':'}; echo "$DBUS_SESSION_BUS_ADDRESS"; cat >/dev/null`;
  const session = spawn(BUS_SESSION, [`--config-file=${config}`, '--', 'sh', '-c', script], {
    env: environment,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  environment['DBUS_SESSION_BUS_ADDRESS'] = await firstLine(session);

  return {
    environment,
    lock: () => run('gdbus', LOCK, environment),
    unlock: () => run('sh', ['-c', UNLOCK], environment),
    async [Symbol.asyncDispose]() {
      // Not 'close': services that the bus started hold its output for longer.
      const ended = once(session, 'exit');
      session.stdin.end();
      await ended;
      await scratch[Symbol.asyncDispose]();
    },
  };
}

// A running keyring opens only to the prompt; a new one in its place opens the same files.
const UNLOCK = `printf '\\n' | gnome-keyring-daemon --replace --unlock --components=secrets >/dev/null && gdbus wait --session --timeout 10 org.freedesktop.secrets`;

const LOCK = ['call', '--session', '--dest', 'org.freedesktop.secrets']
  .concat(['--object-path', '/org/freedesktop/secrets'])
  .concat(['--method', 'org.freedesktop.Secret.Service.Lock'])
  .concat([`[objectpath '/org/freedesktop/secrets/collection/login']`]);

/** Services that start and never get ready, by the kind of session they make. */
const neverReady: Partial<Record<KeyringKind, string>> = {
  unanswered: 'org.gnome.keyring.SystemPrompter',
  stuck: 'org.freedesktop.secrets',
};

/** A bus that knows no service but these, whatever is installed on the machine. */
async function writeBusConfig(directory: string, kind: KeyringKind): Promise<string> {
  const services = join(directory, 'services');
  await mkdir(services);
  const name = neverReady[kind];
  if (name) {
    const service = `[D-BUS Service]\nName=${name}\nExec=/bin/sleep 20\n`;
    await writeFile(join(services, `${name}.service`), service);
  }
  const config = join(directory, 'bus.conf');
  await writeFile(
    config,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
      "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
    <busconfig>
      <type>session</type>
      <listen>unix:dir=${directory}</listen>
      <servicedir>${services}</servicedir>
      <policy context="default">
        <allow send_destination="*" eavesdrop="true"/>
        <allow eavesdrop="true"/>
        <allow own="*"/>
      </policy>
    </busconfig>`,
  );
  return config;
}

async function firstLine(process: ChildProcess): Promise<string> {
  if (!process.stdout) throw new Error('The session has no standard output');
  for await (const line of createInterface(process.stdout)) {
    if (line.startsWith('unix:')) return line;
  }
  throw new Error('The D-Bus session ended before it began');
}

async function run(command: string, args: string[], env: Record<string, string>): Promise<void> {
  await promisify(execFile)(command, args, { env });
}

function impossible(): Promise<never> {
  return Promise.reject(new Error('This session has no keyring'));
}
