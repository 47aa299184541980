import { execFile } from 'node:child_process';

const SECRETS = 'org.freedesktop.secrets';
const DEFAULT_COLLECTION = '/org/freedesktop/secrets/aliases/default';
const COLLECTION = 'org.freedesktop.Secret.Collection';
const GET = 'org.freedesktop.DBus.Properties.Get';

/** The question in the words of two tools: systems without GLib's own usually have the one of D-Bus. */
const questions: [tool: string, args: string[]][] = [
  [
    'gdbus',
    ['call', '--session', '--dest', SECRETS, '--object-path', DEFAULT_COLLECTION]
      .concat(['--method', GET])
      .concat([COLLECTION, 'Locked']),
  ],
  [
    'dbus-send',
    ['--session', '--print-reply', `--dest=${SECRETS}`, DEFAULT_COLLECTION, GET].concat([
      `string:${COLLECTION}`,
      'string:Locked',
    ]),
  ],
];

/** A service that was not running yet is started by the question. */
const LIMIT_MS = 3000;

/**
 * Asks the session bus whether the default keyring is locked. Linux only: elsewhere, and wherever the question gets no
 * answer (no bus, no keyring yet, no tool to ask with), the answer is `unknown`. Needed because libsecret reports a locked
 * keyring as an empty one.
 */
export async function keyringLock(): Promise<'locked' | 'unlocked' | 'unknown'> {
  if (process.platform !== 'linux') return 'unknown';
  for (const [tool, args] of questions) {
    const answer = await ask(tool, args);
    if (answer === null) continue;
    if (/<true>|boolean true/.test(answer)) return 'locked';
    return /<false>|boolean false/.test(answer) ? 'unlocked' : 'unknown';
  }
  return 'unknown';
}

/** What the tool printed, or null when there is no such tool. */
function ask(tool: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const limits = { timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 } as const;
    execFile(tool, args, limits, (error, stdout) => {
      resolve(error?.code === 'ENOENT' ? null : stdout);
    });
  });
}
