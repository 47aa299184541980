import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Intent } from '../../contract/intent.ts';
import { Keys } from '../keychain/keys.ts';
import { nodeChild } from '../keychain/node-child.ts';
import { createSystemKeychain } from '../keychain/system-keychain.ts';
import { describeWithKeyring } from '../keychain/testing/describe-with-keyring.ts';
import { keyringSession } from '../keychain/testing/keyring-session.ts';
import { presetToIntent } from '../presets/preset-to-intent.ts';
import { startInstallation, type InstallationServer } from '../testing/installation-server.ts';
import { echo, redirect } from '../testing/model-answers.ts';
import { startModelServer } from '../testing/model-server.ts';
import { scratchCore } from '../testing/scratch-core.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { checkKey } from './account.ts';
import type { HostDecision } from './authorization.ts';

const ENTRY = fileURLToPath(new URL('../keychain/keychain-process.ts', import.meta.url));
const A = 'aaaa1234.KEYofAAA5678';
const B = 'bbbb1234.KEYofBBB8765';

const model = (name: string) => ({
  ...{ id: 'm1', name },
  deployments: [{ id: 'd1', status: 'ACTIVE', is_production: true }],
});
const production = { kind: 'production' } as const;
const atModel = { kind: 'model', modelId: 'm1', deployment: production } as const;
const predict = (server: InstallationServer): string => `${server.url}/model-m1/production/predict`;

/**
 * Two installations with a key each, a host that is nobody's, and a core of which the user has allowed everything that can be
 * allowed: each host is approved, remembered, and answered yes to when asked.
 */
async function world() {
  const cleanup = new AsyncDisposableStack();
  const session = cleanup.use(await keyringSession('unlocked'));
  const a = cleanup.use(await startInstallation({ key: A, models: [model('of A')] }));
  const b = cleanup.use(await startInstallation({ key: B, models: [model('of B')] }));
  const nobody = cleanup.use(await startModelServer());
  a.answerModel('m1', 'production', echo());
  b.answerModel('m1', 'production', echo());
  nobody.answer('/predict', echo());
  const scratch = cleanup.use(await scratchDirectory());
  const keys = new Keys({
    configDirectory: join(scratch.path, 'config'),
    environmentKey: undefined,
    keychain: createSystemKeychain({ fork: nodeChild(ENTRY, session.environment) }),
    check: (key, { management }) => checkKey({ key, managementUrl: management }),
    log: (error) => {
      throw error;
    },
  });
  cleanup.defer(() => {
    keys.close();
  });
  await keys.add({ name: 'A', key: A, installation: a.installation });
  await keys.add({ name: 'B', key: B, installation: b.installation });
  const house = cleanup.use(
    await scratchCore({
      keys,
      isAllowed: () => true,
      askForHost: () => Promise.resolve('send-key'),
    }),
  );
  const requestsBefore = [a, b].map(({ requests }) => requests.length);
  const sentTo = (server: InstallationServer | typeof nobody): unknown[] =>
    server.requests
      .slice(server === a ? requestsBefore[0] : server === b ? requestsBefore[1] : 0)
      .map(({ headers }) => headers.authorization);
  const finish = cleanup.move();
  return {
    ...{ a, b, nobody, house, keys, sentTo },
    run: (url: string, intent: Partial<Intent> = {}) => house.run(url, { body: 'json', ...intent }),
    [Symbol.asyncDispose]: () => finish.disposeAsync(),
  };
}

describeWithKeyring('the key of one host', () => {
  it('goes to a model of its installation, and to the addresses of the same hosts', async () => {
    await using place = await world();
    expect((await place.run('', { target: atModel })).state).toBe('done');
    expect((await place.run(predict(place.a))).state).toBe('done');
    expect(place.sentTo(place.a)).toEqual([`Api-Key ${A}`, `Api-Key ${A}`]);
    expect(place.sentTo(place.b)).toEqual([]);
  });

  it('is not offered to another that has a key of its own, which gets that one', async () => {
    await using place = await world();
    expect((await place.run(predict(place.b))).state).toBe('done');
    expect(place.sentTo(place.b)).toEqual([`Api-Key ${B}`]);
  });

  it('does not follow a redirect there', async () => {
    await using place = await world();
    place.a.answerModel('m1', 'production', redirect(predict(place.b)));
    const outcome = await place.run('', { target: atModel });
    expect(outcome.failure?.code).toBe('redirected');
    expect(place.sentTo(place.b)).toEqual([]);
  });

  it('is not sent there by a preset that names it: nothing is sent', async () => {
    await using place = await world();
    const outcome = await place.run(predict(place.b), { keyName: 'A' });
    expect(outcome.failure).toMatchObject({ code: 'host_not_approved' });
    expect(outcome.failure?.message).toContain('“A”');
    expect(place.sentTo(place.b)).toEqual([]);
    const elsewhere = await place.run(`${place.nobody.url}/predict`, { keyName: 'A' });
    expect(elsewhere.failure?.code).toBe('host_not_approved');
    expect(place.sentTo(place.nobody)).toEqual([]);
  });

  it('is not chosen by a preset that came from somebody else', async () => {
    await using place = await world();
    const text = JSON.stringify({
      ...{ soundpost: 'presets', version: 1 },
      presets: [
        {
          ...{ id: 'p1', name: 'From a stranger', keyName: 'B', auth: 'api-key', body: 'json' },
          ...{ answer: 'auto', fields: [], target: { kind: 'url', url: predict(place.a) } },
        },
      ],
    });
    const { presets } = await place.house.core.presets.import(text);
    const [preset] = presets;
    if (!preset) throw new Error('It was not imported');
    const intent = presetToIntent(preset, {});
    expect(intent.keyName).toBeUndefined();
    expect((await place.run('', intent)).state).toBe('done');
    expect(place.sentTo(place.a)).toEqual([`Api-Key ${A}`]);
  });

  it('of an installation goes to no foreign host, although the host was approved', async () => {
    await using place = await world();
    expect((await place.run(`${place.nobody.url}/predict`)).state).toBe('done');
    expect(place.sentTo(place.nobody)).toEqual([undefined]);
  });

  it('that is named and not kept is said to be missing before anything is sent', async () => {
    await using place = await world();
    const outcome = await place.run('', { target: atModel, keyName: 'Gone' });
    expect(outcome.failure?.code).toBe('key_missing');
    expect(outcome.failure?.message).toContain('“Gone”');
    expect([...place.sentTo(place.a), ...place.sentTo(place.b)]).toEqual([]);
  });

  it('goes where the active key’s model is, or the named one’s, by the same model id', async () => {
    await using place = await world();
    await place.run('', { target: atModel, keyName: 'B' });
    const { keys } = await place.keys.list();
    await place.keys.activate(keys[1]?.id ?? '');
    await place.run('', { target: atModel });
    expect(place.sentTo(place.a)).toEqual([]);
    expect(place.sentTo(place.b)).toEqual([`Api-Key ${B}`, `Api-Key ${B}`]);
  });
});

describeWithKeyring('a host that the user allowed', () => {
  it('gets the key that was asked about, and no other of Baseten’s without a new question', async () => {
    await using place = await ofBaseten();
    const { server, keys, asked } = place;
    expect((await place.run('A')).state).toBe('done');
    expect((await place.run('A')).state).toBe('done');
    expect(asked).toEqual(['A']);

    expect((await place.run('B')).state).toBe('done');
    expect(asked).toEqual(['A', 'B']);
    const { keys: kept } = await keys.list();
    await keys.activate(kept[1]?.id ?? '');
    expect((await place.run(undefined)).state).toBe('done');
    expect(asked).toEqual(['A', 'B']);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      ...[`Api-Key ${A}`, `Api-Key ${A}`, `Api-Key ${B}`, `Api-Key ${B}`],
    ]);
  });

  it('gets none by a yes that does not say for which', async () => {
    await using place = await ofBaseten();
    await place.allowAsBefore();
    place.decision = 'cancel';
    expect((await place.run('A')).failure?.code).toBe('host_not_approved');
    expect(place.server.requests).toEqual([]);
  });
});

describeWithKeyring('a key that is added for addresses of its own', () => {
  it('is sent nowhere before the user agreed, unless keys went there already', async () => {
    await using place = await ofBaseten();
    const { keys, installation } = place;
    place.allows = false;
    const add = { key: 'cccc1234.KEYofCCC9999', installation: installation.installation };
    await expect(keys.add(add)).rejects.toMatchObject({ code: 'host_not_approved' });
    expect(installation.requests).toEqual([]);
    expect((await keys.list()).keys).toHaveLength(2);

    place.allows = true;
    await keys.add(add);
    place.allows = false;
    await keys.add({ ...add, name: 'Once more' });
    expect(installation.requests).toHaveLength(2);
  });
});

/** Two keys of Baseten's, a host that is nobody's, and a user who says `decision` when asked. */
async function ofBaseten() {
  const cleanup = new AsyncDisposableStack();
  const session = cleanup.use(await keyringSession('unlocked'));
  const server = cleanup.use(await startModelServer());
  const installation = cleanup.use(
    await startInstallation({ key: 'cccc1234.KEYofCCC9999', models: [] }),
  );
  server.answer('/predict', echo());
  const scratch = cleanup.use(await scratchDirectory());
  const configDirectory = join(scratch.path, 'config');
  const asked: (string | null)[] = [];
  const place = { decision: 'send-key' as HostDecision, allows: true };
  const keys = new Keys({
    ...{ configDirectory, environmentKey: undefined },
    keychain: createSystemKeychain({ fork: nodeChild(ENTRY, session.environment) }),
    check: (key, { management }) =>
      management === installation.installation.management
        ? checkKey({ key, managementUrl: management })
        : Promise.resolve({ account: 'Studio' }),
    allow: () => Promise.resolve(place.allows),
    log: (error) => {
      throw error;
    },
  });
  cleanup.defer(() => {
    keys.close();
  });
  await keys.add({ name: 'A', key: A });
  await keys.add({ name: 'B', key: B });
  const house = cleanup.use(
    await scratchCore({
      ...{ keys, configDirectory, isAllowed: () => false },
      askForHost: ({ key }) => {
        asked.push(key?.name ?? null);
        return Promise.resolve(place.decision);
      },
    }),
  );
  const finish = cleanup.move();
  return Object.assign(place, {
    ...{ server, keys, asked, installation },
    allowAsBefore: () =>
      writeFile(
        join(configDirectory, 'settings.json'),
        JSON.stringify({ version: 1, approvedOrigins: [new URL(server.url).origin] }),
      ),
    run: (keyName: string | undefined) =>
      house.run(`${server.url}/predict`, { body: 'json', ...(keyName ? { keyName } : {}) }),
    [Symbol.asyncDispose]: () => finish.disposeAsync(),
  });
}
