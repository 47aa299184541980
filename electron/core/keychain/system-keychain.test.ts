import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SoundpostError } from '../soundpost-error.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import type { Keychain } from './keychain.ts';
import { nodeChild } from './node-child.ts';
import { createSystemKeychain } from './system-keychain.ts';
import { describeWithKeyring } from './testing/describe-with-keyring.ts';
import { keyringSession, type KeyringKind } from './testing/keyring-session.ts';

const ENTRY = fileURLToPath(new URL('keychain-process.ts', import.meta.url));
const KEY = 'abcd1234.SECRET5678';

type Limits = { getTimeoutMs?: number; promptTimeoutMs?: number };

/** A real session and the keychain in it. */
async function keychainIn(kind: KeyringKind, limits: Limits = {}) {
  const session = await keyringSession(kind);
  const open = () =>
    createSystemKeychain({ fork: nodeChild(ENTRY, session.environment), ...limits });
  const keychain = open();
  return {
    session,
    keychain,
    open,
    async [Symbol.asyncDispose]() {
      keychain.close();
      await session[Symbol.asyncDispose]();
    },
  };
}

async function failureOf(call: Promise<unknown>): Promise<SoundpostError> {
  const error: unknown = await call.then(
    (value) => new Error(`resolved with ${String(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof SoundpostError) return error;
  throw error;
}

/** The pids of keychain processes that a process started. */
function keychainPids(parent = process.pid): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => isKeychainOf(parent, pid)).map(Number);
}

function isKeychainOf(parent: number, pid: string): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    if (!status.includes(`\nPPid:\t${parent}\n`)) return false;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('keychain-process');
  } catch {
    // It has ended in the meantime.
    return false;
  }
}

function threadNames(pid: number): string[] {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).map((task) => readFileSync(join(tasks, task, 'comm'), 'utf8').trim());
}

async function tryThenClose<T>(keychain: Keychain, call: (keychain: Keychain) => Promise<T>) {
  try {
    return await call(keychain);
  } finally {
    keychain.close();
  }
}

describeWithKeyring('the system keychain with a real keyring', () => {
  it('gives back the key that was set, and nothing once it is removed', async () => {
    await using open = await keychainIn('unlocked');
    const { keychain } = open;

    expect(await keychain.get()).toBeNull();
    await keychain.set(KEY);
    expect(await keychain.get()).toBe(KEY);
    await keychain.set('another.KEY12345');
    expect(await keychain.get()).toBe('another.KEY12345');
    await keychain.remove();
    expect(await keychain.get()).toBeNull();
    await expect(keychain.remove()).resolves.toBeUndefined();
  });

  it('keeps the key when its process ends and another one starts', async () => {
    await using open = await keychainIn('unlocked');
    await open.keychain.set(KEY);
    open.keychain.close();

    expect(await tryThenClose(open.open(), (keychain) => keychain.get())).toBe(KEY);
  });

  it('answers calls made at the same time, each with its own answer', async () => {
    await using open = await keychainIn('unlocked');
    const { keychain } = open;

    const answers = await Promise.all([
      keychain.get(),
      keychain.set(KEY),
      keychain.get(),
      keychain.remove(),
      keychain.get(),
    ]);

    expect(answers).toEqual([null, undefined, KEY, undefined, null]);
  });

  it('says that a locked keyring is locked, and leaves the key in it as it is for when it opens', async () => {
    await using open = await keychainIn('unlocked');
    const { keychain, session } = open;
    await keychain.set(KEY);
    await session.lock();

    for (const call of [
      () => keychain.get(),
      () => keychain.get({ mayAsk: false }),
      () => keychain.set('another.KEY12345'),
      () => keychain.remove(),
    ]) {
      const failure = await failureOf(call());
      expect(failure.code).toBe('keychain_locked');
      expect(failure.message).toContain('is locked');
    }

    await session.unlock();
    expect(await keychain.get()).toBe(KEY);
  });

  it('gives up on a password prompt that nobody answers, and works again afterwards', async () => {
    await using open = await keychainIn('unanswered', { promptTimeoutMs: 1500 });
    const { keychain, session } = open;
    // A keychain of its own, since that short limit would hold for setting too.
    await tryThenClose(
      createSystemKeychain({ fork: nodeChild(ENTRY, session.environment) }),
      (other) => other.set(KEY),
    );
    await session.lock();

    const failure = await failureOf(keychain.get());
    expect(failure.code).toBe('keychain_locked');
    expect(failure.message).toContain('nobody answered');

    await session.unlock();
    expect(await keychain.get()).toBe(KEY);
  });

  it('does not bring up a prompt when it may not ask', async () => {
    await using open = await keychainIn('unanswered', { promptTimeoutMs: 600_000 });
    const { keychain, session } = open;
    await keychain.set(KEY);
    await session.lock();

    expect((await failureOf(keychain.get({ mayAsk: false }))).message).toContain('is locked');
  });

  it('does not wait for a keyring service that never answers, nor hold up files meanwhile', async () => {
    await using open = await keychainIn('stuck', { getTimeoutMs: 2000 });
    const calls = [1, 2, 3, 4, 5].map(() => failureOf(open.keychain.get()));

    expect(await readFile(ENTRY, 'utf8')).toContain('keytar');

    const failure = await Promise.race(calls);
    expect(failure.code).toBe('keychain_unavailable');
    expect(failure.message).toContain('did not answer within 2 seconds');
    open.keychain.close();
    expect((await failureOf(open.keychain.get())).message).toContain('closing');
    await expect.poll(() => keychainPids()).toEqual([]);
  });

  it('names the missing keyring service', async () => {
    await using open = await keychainIn('absent');

    for (const call of [open.keychain.get(), open.keychain.set(KEY), open.keychain.remove()]) {
      const failure = await failureOf(call);
      expect(failure.code).toBe('keychain_unavailable');
      expect(failure.message).toContain('No keyring service is running');
      expect(failure.message).toContain('this session only');
    }
  });

  it('fails the call whose process is killed, and serves the next', async () => {
    await using open = await keychainIn('unlocked');
    const { keychain } = open;
    await keychain.set(KEY);
    const [pid] = keychainPids();
    if (pid === undefined) throw new Error('no keychain process found');
    process.kill(pid, 'SIGSTOP');

    const call = failureOf(keychain.get());
    process.kill(pid, 'SIGKILL');

    const failure = await call;
    expect(failure.code).toBe('keychain_unavailable');
    expect(failure.message).toContain('stopped unexpectedly');
    expect(await keychain.get()).toBe(KEY);
  });

  it('shows the key and BASETEN_API_KEY in neither the arguments nor the environment of its process', async () => {
    await using session = await keyringSession('unlocked');
    const environment = {
      ...session.environment,
      BASETEN_API_KEY: KEY,
      NODE_OPTIONS: '--no-warnings',
    };
    const keychain = createSystemKeychain({ fork: nodeChild(ENTRY, environment) });

    await tryThenClose(keychain, async () => {
      await keychain.set(KEY);
      const [pid] = keychainPids();
      const shown = await Promise.all(
        ['cmdline', 'environ'].map((file) => readFile(`/proc/${String(pid)}/${file}`, 'utf8')),
      );
      expect(shown.join()).toContain(session.environment['DBUS_SESSION_BUS_ADDRESS']);
      expect(shown.join()).not.toContain(KEY);
      expect(shown.join()).not.toMatch(/BASETEN|NODE_OPTIONS/);
    });
  });

  it('speaks with its starter through a parent port too, as in an Electron utility process', async () => {
    await using session = await keyringSession('unlocked');
    await using scratch = await scratchDirectory();
    const entry = join(scratch.path, 'utility.mjs');
    await writeFile(
      entry,
      `import { EventEmitter } from 'node:events';
      process.parentPort = Object.assign(new EventEmitter(), {
        postMessage: (message) => process.send({ throughPort: message }),
      });
      process.on('message', (data) => process.parentPort.emit('message', { data }));
      await import(${JSON.stringify(pathToFileURL(ENTRY).href)});`,
    );
    const fork = nodeChild(entry, session.environment);
    const keychain = createSystemKeychain({
      fork: () => {
        const child = fork();
        const onMessage: typeof child.onMessage = (listener) => {
          child.onMessage((message) => {
            const isWrapped = typeof message === 'object' && message && 'throughPort' in message;
            listener(isWrapped ? message.throughPort : null);
          });
        };
        return { ...child, onMessage };
      },
    });

    await tryThenClose(keychain, async () => {
      await keychain.set(KEY);
      expect(await keychain.get()).toBe(KEY);
    });
  });

  it(
    'leaves no process behind when Soundpost is killed while a keyring hangs',
    { timeout: 40_000 },
    async () => {
      await using session = await keyringSession('stuck');
      const parent = spawn(
        process.execPath,
        [
          '--input-type=module',
          '--eval',
          `import { createSystemKeychain } from ${JSON.stringify(new URL('system-keychain.ts', import.meta.url))};
        import { nodeChild } from ${JSON.stringify(new URL('node-child.ts', import.meta.url))};
        const fork = nodeChild(${JSON.stringify(ENTRY)}, process.env);
        createSystemKeychain({ fork }).get();`,
        ],
        { env: session.environment, stdio: 'ignore' },
      );
      const parentPid = parent.pid ?? 0;
      await expect.poll(() => keychainPids(parentPid), { timeout: 10_000 }).toHaveLength(1);
      const [pid = 0] = keychainPids(parentPid);
      // The thread that libsecret starts: past the question about the lock, keytar itself is waiting.
      await expect.poll(() => threadNames(pid), { timeout: 15_000 }).toContain('gdbus');

      parent.kill('SIGKILL');

      await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 5000 }).toBe(false);
    },
  );

  it('names the library that is missing', async () => {
    await using session = await keyringSession('unlocked');
    await using libraries = await scratchDirectory();
    await writeFile(join(libraries.path, 'libsecret-1.so.0'), '');
    const environment = { ...session.environment, LD_LIBRARY_PATH: libraries.path };
    const keychain = createSystemKeychain({ fork: nodeChild(ENTRY, environment) });

    const failure = await tryThenClose(keychain, () => failureOf(keychain.get()));

    expect(failure.code).toBe('keychain_unavailable');
    expect(failure.message).toContain('libsecret');
  });
});

describeWithKeyring('the system keychain without D-Bus', () => {
  it('says that the session has no D-Bus and what to do', async () => {
    await using open = await keychainIn('no bus');

    const failure = await failureOf(open.keychain.get());

    expect(failure.code).toBe('keychain_unavailable');
    expect(failure.message).toContain('no D-Bus');
  });

  it('says the same when the address of the bus is dead', async () => {
    const environment = {
      PATH: process.env['PATH'],
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus',
    };
    const keychain = createSystemKeychain({ fork: nodeChild(ENTRY, environment) });

    const failure = await tryThenClose(keychain, () => failureOf(keychain.get()));

    expect(failure.message).toContain('no D-Bus');
  });
});

describe('the system keychain', () => {
  it('fails in words when its process cannot be started', async () => {
    const keychain = createSystemKeychain({
      fork: () => {
        throw new Error('EAGAIN');
      },
    });

    expect((await failureOf(keychain.get())).code).toBe('keychain_unavailable');
  });

  it('fails in words when its program is missing', async () => {
    const keychain = createSystemKeychain({ fork: nodeChild('/nonexistent.ts', {}) });

    expect((await failureOf(keychain.get())).code).toBe('keychain_unavailable');
  });
});
