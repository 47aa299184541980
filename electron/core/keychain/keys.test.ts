import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { KeyList, KeyState } from '../../contract/key.ts';
import { checkKey } from '../baseten/account.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { startInstallation } from '../testing/installation-server.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { Keys } from './keys.ts';
import { nodeChild } from './node-child.ts';
import { createSystemKeychain } from './system-keychain.ts';
import { describeWithKeyring } from './testing/describe-with-keyring.ts';
import { keyringSession, type KeyringSession } from './testing/keyring-session.ts';

const ENTRY = fileURLToPath(new URL('keychain-process.ts', import.meta.url));
const STUDIO = 'abcd1234.STUDIO5678';
const LAB = 'wxyz9876.LABORA4321';

type Setup = { directory: string; environmentKey?: string; management?: string };

/** The keys in a session of the keyring: one more `open` is one more process of Soundpost. */
function open(session: KeyringSession, { directory, environmentKey, management }: Setup) {
  const states: KeyState[] = [];
  const lists: KeyList[] = [];
  const logged: unknown[] = [];
  const keychain = createSystemKeychain({ fork: nodeChild(ENTRY, session.environment) });
  const keys = new Keys({
    configDirectory: directory,
    environmentKey,
    usual: () => ({
      management: management ?? 'https://api.baseten.co',
      inference: 'https://model-{id}.api.baseten.co',
    }),
    keychain,
    check: (key, installation) => checkKey({ key, managementUrl: installation.management }),
    onState: (state) => states.push(state),
    onList: (list) => lists.push(list),
    log: (error) => logged.push(error),
  });
  return {
    ...{ keys, keychain, states, lists, logged },
    [Symbol.dispose]: () => {
      keys.close();
    },
  };
}

async function world() {
  const session = await keyringSession('unlocked');
  const scratch = await scratchDirectory();
  const studio = await startInstallation({ key: STUDIO, workspace: 'Studio' });
  const lab = await startInstallation({ key: LAB, workspace: 'Lab' });
  const setup = { directory: scratch.path, management: studio.url };
  return {
    ...{ session, studio, lab, setup },
    file: () => readFile(join(scratch.path, 'keys.json'), 'utf8'),
    async [Symbol.asyncDispose]() {
      await lab.close();
      await studio.close();
      await scratch[Symbol.asyncDispose]();
      await session[Symbol.asyncDispose]();
    },
  };
}

async function failureOf(call: Promise<unknown>): Promise<SoundpostError> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  if (error instanceof SoundpostError) return error;
  throw new Error('It did not fail', { cause: error });
}

describeWithKeyring('several keys in a real keyring', () => {
  it('keeps each in an entry of its own, and says of them nothing secret in the file', async () => {
    await using place = await world();
    {
      using first = open(place.session, place.setup);
      await first.keys.add({ key: STUDIO });
      const { installation } = place.lab;
      const added = await first.keys.add({ name: 'At the lab', key: LAB, installation });
      expect(added.list).toMatchObject({
        activeId: added.list.keys[0]?.id,
        keys: [
          { name: 'Studio', last4: '5678', account: 'Studio' },
          { name: 'At the lab', last4: '4321', account: 'Lab', installation },
        ],
      });
    }
    const file = await place.file();
    expect(file).not.toMatch(/abcd1234|wxyz9876|STUDIO5|LABORA4/);
    using second = open(place.session, place.setup);
    expect(await (await second.keys.choose()).use()).toBe(STUDIO);
    expect(await (await second.keys.choose('at the LAB')).use()).toBe(LAB);
    expect(second.logged).toEqual([]);
  });

  it('goes on with the one key of an earlier version, under a name', async () => {
    await using place = await world();
    {
      using earlier = open(place.session, place.setup);
      await earlier.keychain.set(STUDIO);
    }
    using now = open(place.session, place.setup);
    expect(await (await now.keys.choose()).use()).toBe(STUDIO);
    expect(await now.keys.state()).toMatchObject({ source: 'keychain', last4: '5678' });
    const { keys } = await now.keys.list();
    expect(keys).toMatchObject([{ id: 'first', name: 'Baseten', last4: '5678' }]);

    await now.keys.add({ key: LAB, installation: place.lab.installation });
    expect(await (await now.keys.choose('Baseten')).use()).toBe(STUDIO);
    expect(await now.keychain.get()).toBe(STUDIO);
  });

  it('adding beside a key that an earlier version kept, and nobody has read yet, loses neither', async () => {
    await using place = await world();
    using now = open(place.session, place.setup);
    await now.keychain.set(STUDIO);
    const { list } = await now.keys.add({ key: LAB, installation: place.lab.installation });
    expect(list.keys.map(({ name }) => name)).toEqual(['Baseten', 'Lab']);
    expect(await (await now.keys.choose()).use()).toBe(STUDIO);
  });

  it('tells the first frame from the list, before the keychain has been asked', async () => {
    await using place = await world();
    {
      using first = open(place.session, place.setup);
      await first.keys.add({ key: STUDIO });
    }
    await place.session.lock();
    using second = open(place.session, place.setup);
    expect(await second.keys.state()).toMatchObject({ source: 'keychain', name: 'Studio' });
    await expect
      .poll(() => second.states.at(-1))
      .toMatchObject({ source: 'none', keychain: { problem: { code: 'keychain_locked' } } });

    await place.session.unlock();
    expect(await (await second.keys.choose()).use()).toBe(STUDIO);
    await expect.poll(() => second.states.at(-1)).toMatchObject({ source: 'keychain' });
  });

  it('renaming or removing a key while it is checked stays done', async () => {
    await using place = await world();
    using opened = open(place.session, place.setup);
    const { keys } = opened;
    const { id } = await keys.add({ key: STUDIO });
    const answer = Promise.withResolvers<undefined>();
    const asked = Promise.withResolvers<undefined>();
    place.studio.answer('/v1/users/me', async ({ response }) => {
      asked.resolve(undefined);
      await answer.promise;
      response.writeHead(403).end();
    });
    const checked = keys.check(id);
    await asked.promise;
    await keys.rename(id, 'Desk');
    answer.resolve(undefined);
    expect((await checked).list.keys).toMatchObject([{ name: 'Desk', invokesOnly: true }]);

    const again = keys.check(id);
    await keys.remove(id);
    await again;
    expect((await keys.list()).keys).toEqual([]);
  });

  it('makes another one active, renames, checks and removes', async () => {
    await using place = await world();
    using opened = open(place.session, place.setup);
    const { keys } = opened;
    const { id: studio } = await keys.add({ key: STUDIO });
    const { id: lab } = await keys.add({ key: LAB, installation: place.lab.installation });

    await keys.activate(lab);
    expect(opened.states.at(-1)).toMatchObject({ source: 'keychain', last4: '4321', name: 'Lab' });
    expect((await keys.choose()).home).toEqual(place.lab.installation);

    expect((await failureOf(keys.rename(lab, 'studio'))).message).toContain('another key');
    expect((await keys.rename(lab, 'Rack')).before).toBe('Lab');
    expect((await keys.choose('Rack')).name).toBe('Rack');
    expect((await failureOf(keys.choose('Lab'))).code).toBe('key_missing');

    expect((await keys.check(studio)).list.keys[0]).toMatchObject({ account: 'Studio' });
    place.studio.answer('/v1/users/me', ({ response }) => void response.writeHead(401).end());
    expect((await failureOf(keys.check(studio))).message).toContain('any more');

    expect(await keys.remove(lab)).toMatchObject({ activeId: studio, keys: [{ id: studio }] });
    expect(await (await keys.choose()).use()).toBe(STUDIO);
    expect(await opened.keychain.get({ account: `baseten-api-key:${lab}` })).toBeNull();
    expect(opened.logged).toEqual([]);
  });

  it('a key pasted while another installation’s is active takes a place of its own', async () => {
    await using place = await world();
    using opened = open(place.session, place.setup);
    const { keys } = opened;
    await keys.add({ key: LAB, installation: place.lab.installation });
    await keys.set(STUDIO, 'keychain');
    expect((await keys.list()).keys.map(({ name }) => name)).toEqual(['Lab', 'Studio']);
    expect(await (await keys.choose('Lab')).use()).toBe(LAB);
    expect(await (await keys.choose()).use()).toBe(STUDIO);
  });

  it('two processes see one another’s keys', async () => {
    await using place = await world();
    using app = open(place.session, place.setup);
    await app.keys.watch();
    using line = open(place.session, place.setup);
    const { id } = await line.keys.add({ key: STUDIO });
    await expect.poll(() => app.lists.at(-1)?.keys[0]?.id).toBe(id);
    await line.keys.remove(id);
    await expect.poll(() => app.lists.at(-1)?.keys).toEqual([]);
    await expect.poll(() => app.states.at(-1)).toMatchObject({ source: 'none' });
    expect(app.logged).toEqual([]);
  });

  it('one that is listed and gone from the keychain is said to be, by its name', async () => {
    await using place = await world();
    using opened = open(place.session, place.setup);
    const { id } = await opened.keys.add({ key: STUDIO });
    await opened.keychain.remove(`baseten-api-key:${id}`);
    using next = open(place.session, place.setup);
    const chosen = await next.keys.choose();
    const failure = await failureOf(chosen.use());
    expect(failure).toMatchObject({ code: 'key_missing' });
    expect(failure.message).toContain('“Studio”');
  });

  it('BASETEN_API_KEY is used where none is named, and a named one all the same', async () => {
    await using place = await world();
    {
      using before = open(place.session, place.setup);
      await before.keys.add({ key: LAB, installation: place.lab.installation });
    }
    using opened = open(place.session, { ...place.setup, environmentKey: STUDIO });
    expect(await (await opened.keys.choose()).use()).toBe(STUDIO);
    expect(await (await opened.keys.choose('Lab')).use()).toBe(LAB);
    expect((await opened.keys.list()).environment).toEqual({ last4: '5678' });
  });
});

describe('the list of keys', () => {
  it('that a person edited into sending a key in the clear is not used', async () => {
    await using scratch = await scratchDirectory();
    const installation = { management: 'http://lan.example', inference: 'http://lan.example' };
    await writeFile(
      join(scratch.path, 'keys.json'),
      JSON.stringify({
        ...{ soundpost: 'keys', version: 1, active: 'a' },
        keys: [{ id: 'a', name: 'A', last4: '1234', installation }],
      }),
    );
    const session = await keyringSession('no bus');
    using opened = open(session, { directory: scratch.path });
    expect(await opened.keys.list()).toMatchObject({ keys: [], activeId: null });
    await session[Symbol.asyncDispose]();
  });
});
