import { createServer } from 'node:http';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { KeyState } from '../../contract/key.ts';
import { checkKey } from '../baseten/account.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { createApiKey } from './api-key.ts';
import { nodeChild } from './node-child.ts';
import { createSystemKeychain } from './system-keychain.ts';
import { describeWithKeyring } from './testing/describe-with-keyring.ts';
import {
  keyringSession,
  type KeyringKind,
  type KeyringSession,
} from './testing/keyring-session.ts';

const ENTRY = fileURLToPath(new URL('keychain-process.ts', import.meta.url));
const KEY = 'abcd1234.SECRET5678';
const OTHER = 'wxyz9876.HIDDEN4321';

type Setup = { environmentKey?: string; managementUrl?: string; patience?: number };

/** An API key in a session: one more `open` is one more start of Soundpost. */
function open(session: KeyringSession, setup: Setup = {}) {
  const { environmentKey, managementUrl = 'http://127.0.0.1:1', patience = 10_000 } = setup;
  const changes: KeyState[] = [];
  const asked: string[] = [];
  const fork = nodeChild(ENTRY, session.environment);
  const keychain = createSystemKeychain({
    fork: () => {
      const child = fork();
      const post: typeof child.post = (message) => {
        asked.push(message.op);
        child.post(message);
      };
      return { ...child, post };
    },
  });
  const apiKey = createApiKey({
    environmentKey,
    keychain,
    check: (key) => checkKey({ key, managementUrl }),
    onChange: (state) => changes.push(state),
    patience,
  });
  return {
    apiKey,
    keychain,
    changes,
    asked,
    [Symbol.dispose]: () => {
      apiKey.close();
    },
  };
}

/** A management API that knows KEY and OTHER; OTHER may not list. */
async function baseten(): Promise<AsyncDisposable & { managementUrl: string }> {
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    const status =
      { [`Api-Key ${KEY}`]: 200, [`Api-Key ${OTHER}`]: 403 }[authorization ?? ''] ?? 401;
    response.writeHead(status).end('{"workspace_name":"Engines"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    managementUrl: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function failureOf(call: Promise<unknown>): Promise<SoundpostError> {
  const error: unknown = await call.then(
    (value) => new Error(`resolved with ${inspect(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof SoundpostError) return error;
  throw error;
}

const usable = { usable: true };

describeWithKeyring('the API key with a real keyring', () => {
  it('keeps a pasted key in the keychain for the next start', async () => {
    await using server = await baseten();
    await using session = await keyringSession('unlocked');
    const state = { source: 'keychain', last4: '5678', keychain: usable };
    {
      using first = open(session, server);
      expect(await first.apiKey.state()).toEqual({ source: 'none', keychain: usable });
      expect(await first.apiKey.use()).toBeNull();
      const saved = await first.apiKey.set(` Api-Key ${KEY}\n`, 'keychain');
      expect(saved).toEqual({ state: { ...state, account: 'Engines' } });
      expect(await first.apiKey.use()).toBe(KEY);
    }
    using second = open(session, server);
    expect(await second.apiKey.state()).toEqual(state);
    expect(await second.apiKey.use()).toBe(KEY);
  });

  it('keeps a key for this session in memory alone', async () => {
    await using server = await baseten();
    await using session = await keyringSession('unlocked');
    {
      using first = open(session, server);
      const { state } = await first.apiKey.set(KEY, 'session');
      expect(state).toEqual({
        source: 'session',
        last4: '5678',
        account: 'Engines',
        keychain: usable,
      });
      expect(await first.apiKey.use()).toBe(KEY);
      expect(await first.keychain.get()).toBeNull();
    }
    using second = open(session, server);
    expect(await second.apiKey.use()).toBeNull();
  });

  it('writes the key to no file of the user, but for the sealed keyring', async () => {
    await using server = await baseten();
    await using session = await keyringSession('unlocked');
    using opened = open(session, server);
    await opened.apiKey.set(KEY, 'keychain');

    const home = session.environment['HOME'] ?? '';
    const entries = await readdir(home, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name)).toContain('login.keyring');
    for (const { parentPath, name } of files) {
      expect(await readFile(join(parentPath, name), 'latin1')).not.toContain(KEY);
    }
  });

  it('keeps nothing of a key that Baseten does not know', async () => {
    await using server = await baseten();
    await using session = await keyringSession('unlocked');
    using opened = open(session, server);
    await opened.apiKey.set(KEY, 'keychain');

    const failure = await failureOf(opened.apiKey.set('nobody00.NOBODY0000', 'keychain'));

    expect(failure.code).toBe('unauthorized');
    expect(await opened.apiKey.use()).toBe(KEY);
    expect(await opened.keychain.get()).toBe(KEY);
  });

  it('keeps a key that may not list, and one that could not be checked, and says so', async () => {
    await using server = await baseten();
    await using session = await keyringSession('unlocked');
    using opened = open(session, server);
    expect((await opened.apiKey.set(OTHER, 'keychain')).note).toContain('may not list');

    using offline = open(session);
    await offline.apiKey.state();
    expect((await offline.apiKey.set(KEY, 'keychain')).note).toContain('without being checked');
    expect(await offline.keychain.get()).toBe(KEY);
  });

  it('does not overwrite a key behind a lock, and uses it once the keyring opens', async () => {
    await using server = await baseten();
    await using session = await keyringSession('unlocked');
    {
      using first = open(session, server);
      await first.apiKey.set(KEY, 'keychain');
    }
    await session.lock();
    using second = open(session, server);
    expect(await second.apiKey.state()).toMatchObject({
      source: 'none',
      keychain: { usable: false, problem: { code: 'keychain_locked' } },
    });
    expect((await failureOf(second.apiKey.use())).code).toBe('keychain_locked');
    expect((await failureOf(second.apiKey.set(OTHER, 'keychain'))).code).toBe('keychain_locked');

    await session.unlock();
    const failure = await failureOf(second.apiKey.set(OTHER, 'keychain'));
    expect(failure.code).toBe('invalid_request');
    expect(failure.message).toContain('5678');
    expect(await second.apiKey.use()).toBe(KEY);
    expect(second.changes.at(-1)).toMatchObject({ source: 'keychain', last4: '5678' });

    await second.apiKey.set(OTHER, 'keychain');
    expect(await second.keychain.get()).toBe(OTHER);
  });

  it('takes a key for the session while the keyring is locked, and the kept one after a refresh', async () => {
    await using server = await baseten();
    await using session = await keyringSession('unlocked');
    {
      using first = open(session, server);
      await first.apiKey.set(KEY, 'keychain');
    }
    await session.lock();
    using second = open(session, server);
    const { state } = await second.apiKey.set(OTHER, 'session');
    expect(state).toMatchObject({
      source: 'session',
      keychain: { usable: false, problem: { code: 'keychain_locked' } },
    });
    expect(await second.apiKey.use()).toBe(OTHER);

    await session.unlock();
    expect(await second.apiKey.refresh()).toMatchObject({ source: 'keychain', last4: '5678' });
    expect(await second.apiKey.use()).toBe(KEY);
  });

  it('removes the key in use from where it is kept', async () => {
    await using server = await baseten();
    await using session = await keyringSession('unlocked');
    using opened = open(session, server);
    await opened.apiKey.set(KEY, 'keychain');
    await opened.apiKey.set(OTHER, 'session');

    expect(await opened.apiKey.remove()).toMatchObject({ source: 'keychain', last4: '5678' });
    expect(await opened.apiKey.remove()).toEqual({ source: 'none', keychain: usable });
    expect(await opened.keychain.get()).toBeNull();
  });

  it('says that the key was not removed when the keyring is locked', async () => {
    await using session = await keyringSession('unlocked');
    using opened = open(session);
    await opened.apiKey.set(KEY, 'keychain');
    await session.lock();

    expect((await failureOf(opened.apiKey.remove())).code).toBe('keychain_locked');
    expect(await opened.apiKey.use()).toBe(KEY);
  });

  it('does not keep the first frame waiting for a keyring that never answers', async () => {
    await using session = await keyringSession('stuck');
    using opened = open(session, { patience: 100 });

    expect(await opened.apiKey.state()).toMatchObject({
      source: 'none',
      keychain: { usable: false, problem: { code: 'keychain_unavailable' } },
    });
    expect((await opened.apiKey.set(KEY, 'session')).state).toMatchObject({ source: 'session' });
    expect(await opened.apiKey.use()).toBe(KEY);
  });

  it('reports a keychain that answers after the first frame', async () => {
    await using session = await keyringSession('unlocked');
    {
      using first = open(session);
      await first.apiKey.set(KEY, 'keychain');
    }
    using second = open(session, { patience: 0 });
    expect(await second.apiKey.state()).toMatchObject({ source: 'none' });
    await expect.poll(() => second.changes).toMatchObject([{ source: 'keychain', last4: '5678' }]);
  });

  it('brings up one prompt for runs that start together', async () => {
    await using session = await keyringSession('unlocked');
    using opened = open(session);
    await opened.keychain.set(KEY);

    const keys = await Promise.all([1, 2, 3].map(() => opened.apiKey.use()));

    expect(keys).toEqual([KEY, KEY, KEY]);
    expect(opened.asked.filter((op) => op === 'get')).toHaveLength(1);
    expect(opened.changes).toHaveLength(1);
  });

  it.each<KeyringKind>(['absent', 'no bus'])(
    'offers the session when the keyring is %s',
    async (kind) => {
      await using session = await keyringSession(kind);
      using opened = open(session);

      const failure = await failureOf(opened.apiKey.set(KEY, 'keychain'));
      expect(failure.code).toBe('keychain_unavailable');
      expect(failure.message).toContain('this session only');
      expect((await opened.apiKey.set(KEY, 'session')).state).toMatchObject({
        source: 'session',
        keychain: { usable: false, problem: { code: 'keychain_unavailable' } },
      });
    },
  );
});

/** BASETEN_API_KEY is tried with a keychain that can't be reached at all: it must not matter. */
async function withEnvironment(environmentKey: string) {
  const session = await keyringSession('no bus');
  return {
    ...open(session, { environmentKey }),
    [Symbol.asyncDispose]: session[Symbol.asyncDispose],
  };
}

describe('the API key from the environment', () => {
  it('wins, and its state says where it is from', async () => {
    await using opened = await withEnvironment(`"${KEY}"\n`);

    expect(await opened.apiKey.use()).toBe(KEY);
    expect(await opened.apiKey.state()).toEqual({
      source: 'environment',
      last4: '5678',
      keychain: usable,
    });
    expect(await opened.apiKey.refresh()).toMatchObject({ source: 'environment' });
  });

  it('stands in the way of another one, in words', async () => {
    await using opened = await withEnvironment(KEY);

    for (const call of [opened.apiKey.set(OTHER, 'session'), opened.apiKey.remove()]) {
      const failure = await failureOf(call);
      expect(failure.code).toBe('invalid_request');
      expect(failure.message).toContain('Unset it');
    }
    expect(await opened.apiKey.use()).toBe(KEY);
  });

  it('is refused when it is no key, without being repeated', async () => {
    await using opened = await withEnvironment('my secret words');

    const failure = await failureOf(opened.apiKey.use());

    expect(failure.code).toBe('key_malformed');
    expect(failure.message).toContain('BASETEN_API_KEY');
    expect(failure.message).not.toContain('secret');
  });

  it('counts as unset when it is empty', async () => {
    await using opened = await withEnvironment('  ');
    expect(await opened.apiKey.state()).toMatchObject({ source: 'none' });
    opened.apiKey.close();
  });

  it('does not show when the holder is printed', async () => {
    await using opened = await withEnvironment(KEY);
    expect(inspect(opened.apiKey, { depth: 9, showHidden: true })).not.toContain(KEY);
    expect(JSON.stringify(opened.apiKey)).not.toContain(KEY);
  });
});
