import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelList } from '../../contract/model.ts';
import type { KeyChoice } from '../baseten/key-choice.ts';
import { startInstallation, type InstallationServer } from '../testing/installation-server.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { createAgents } from '../transport/agents.ts';
import { AccountModels, type ModelsChange } from './account-models.ts';
import { ModelCache } from './model-cache.ts';

const KEY = 'abcd1234.STUDIO5678';
const production = { kind: 'production' } as const;

const studio = () => [
  {
    ...{ id: 'tts1', name: 'Kokoro' },
    deployments: [
      { id: 'dep1', status: 'SCALED_TO_ZERO', is_production: true, environment: 'production' },
      { id: 'dep2', status: 'ACTIVE', environment: 'staging' },
    ],
    example:
      '{"text": "Hello", "speed": 1.0, "steps": 20, "stream": true, "voices": ["a", 1.50], "ref_audio": "data:audio/wav;base64,UklGRg=="}',
  },
  { id: 'asr1', name: 'Whisper', deployments: [{ id: 'dep3', status: 'SOMETHING_NEW' }] },
];

function choiceFor(server: InstallationServer, key: string | null = KEY): KeyChoice {
  const chosen = {
    ...{ id: 'k1', name: 'Studio', last4: KEY.slice(-4), home: server.installation },
    use: () => Promise.resolve(key),
  };
  return { choose: () => Promise.resolve(chosen), ownerOf: () => Promise.resolve(null) };
}

async function world(setup: { mayList?: boolean; key?: string | null; directory?: string } = {}) {
  await using cleanup = new AsyncDisposableStack();
  const server = cleanup.use(
    await startInstallation({ key: KEY, models: studio(), mayList: setup.mayList ?? true }),
  );
  const directory = setup.directory ?? cleanup.use(await scratchDirectory()).path;
  const changes: ModelsChange[] = [];
  const logged: unknown[] = [];
  let time = Date.parse('2026-11-24T10:00:00Z');
  const finish = cleanup.move();
  const open = (key = setup.key === undefined ? KEY : setup.key) => {
    const models = new AccountModels({
      ...{ keys: choiceFor(server, key), agents: createAgents(), now: () => time },
      cache: new ModelCache(join(directory, 'models')),
      onChange: (change) => changes.push(change),
      log: (error) => logged.push(error),
    });
    finish.defer(() => {
      models.close();
    });
    return models;
  };
  const last = (): ModelList | undefined => changes.at(-1)?.list;
  const asked = (): string[] => server.requests.map(({ method, path }) => `${method} ${path}`);
  return {
    ...{ server, directory, changes, logged, open, last, asked },
    later: (milliseconds: number) => (time += milliseconds),
    [Symbol.asyncDispose]: () => finish.disposeAsync(),
  };
}

test('the account’s models come with the states of those that are shown, and are asked for again only when they are old', async () => {
  await using place = await world();
  const models = place.open();
  expect(await models.list({ wanted: ['tts1', 'gone1'] })).toMatchObject({ access: 'unknown' });
  await expect.poll(() => place.last()?.models[0]?.deployments?.length).toBe(2);
  expect(place.last()).toEqual({
    access: 'listed',
    asOf: '2026-11-24T10:00:00.000Z',
    models: [
      {
        ...{ id: 'tts1', name: 'Kokoro', team: 'Team' },
        deployments: [
          {
            ...{ id: 'dep1', name: 'dep1', state: 'scaled_to_zero', environment: 'production' },
            ...{ isProduction: true, isDevelopment: false },
          },
          {
            ...{ id: 'dep2', name: 'dep2', state: 'active', environment: 'staging' },
            ...{ isProduction: false, isDevelopment: false },
          },
        ],
      },
      { id: 'asr1', name: 'Whisper', team: 'Team' },
    ],
  });
  const first = place.asked();
  expect(first).toEqual(['GET /v1/models', 'GET /v1/models/tts1/deployments']);

  await Promise.all([1, 2, 3].map(() => models.list({ wanted: ['tts1'] })));
  place.later(30_000);
  await models.list({ wanted: ['tts1'] });
  expect(place.asked()).toEqual(first);

  place.later(31_000);
  place.server.setStatus('tts1', 'dep1', 'ACTIVE');
  await models.list({ wanted: ['tts1'] });
  await expect.poll(() => place.last()?.models[0]?.deployments?.[0]?.state).toBe('active');
  expect(place.asked()).toHaveLength(4);
  expect(place.logged).toEqual([]);
});

test('one account that is asked for by its name and as the key in use is told of under both', async () => {
  await using place = await world();
  const models = place.open();
  await Promise.all([models.list(), models.list({ keyName: 'Studio', wanted: ['tts1'] })]);
  await expect
    .poll(() =>
      place.changes
        .filter(({ list }) => list.models[0]?.deployments)
        .map((change) => change.keyName),
    )
    .toEqual([undefined, 'Studio']);
  expect(place.asked()).toEqual(['GET /v1/models', 'GET /v1/models/tts1/deployments']);
});

test('a start without the network tells what was known, and that it could not be had anew', async () => {
  await using place = await world();
  const before = place.open();
  await before.list({ wanted: ['tts1'] });
  await expect
    .poll(() => readdir(join(place.directory, 'models')).catch(() => []))
    .toEqual(['k1.json']);
  await place.server.close();

  const models = place.open();
  place.later(3_600_000);
  const known = await models.list();
  expect(known).toMatchObject({ access: 'listed', asOf: '2026-11-24T10:00:00.000Z' });
  expect(known.models.map(({ name }) => name)).toEqual(['Kokoro', 'Whisper']);
  await expect.poll(() => place.last()?.problem?.code).toBe('connection_refused');
  expect(place.last()?.models).toHaveLength(2);

  await models.forget('k1');
  expect(await readdir(join(place.directory, 'models'))).toEqual([]);
});

test('a key that may only invoke lists nothing and is no failure', async () => {
  await using place = await world({ mayList: false });
  const models = place.open();
  await models.list();
  await expect.poll(() => place.last()?.access).toBe('invoke-only');
  expect(place.last()?.problem).toBeUndefined();
  expect(await models.look('tts1')).toBeNull();
});

test('a key that is not known any more is said to be', async () => {
  await using place = await world({ key: 'wrong123.WRONG5678' });
  const models = place.open();
  await models.list();
  await expect.poll(() => place.last()?.problem?.code).toBe('unauthorized');
});

test('without a key nobody is asked', async () => {
  await using place = await world({ key: null });
  const models = place.open();
  await models.list();
  await expect.poll(() => place.last()?.problem?.code).toBe('key_missing');
  expect(place.asked()).toEqual([]);
});

test('waking asks the deployment that was meant, and follows it until it is up', async () => {
  await using place = await world();
  const models = place.open();
  await models.wake('tts1', production);
  expect(place.asked()).toEqual([
    'POST /model-tts1/production/wake',
    'GET /v1/models/tts1/deployments',
  ]);
  expect(place.server.requests[0]?.headers.authorization).toBe(`Api-Key ${KEY}`);
  expect(place.last()?.models[0]?.deployments?.[0]?.state).toBe('waking_up');

  place.server.setStatus('tts1', 'dep1', 'ACTIVE');
  await expect
    .poll(() => place.last()?.models[0]?.deployments?.[0]?.state, { timeout: 8000 })
    .toBe('active');
  await expect(models.wake('tts1', { kind: 'deployment', id: 'nope' })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('the model’s own example becomes fields of fitting types, with its literals', async () => {
  await using place = await world();
  const models = place.open();
  expect(await models.example('tts1', production)).toEqual([
    { name: 'text', type: 'text', text: 'Hello' },
    { name: 'speed', type: 'number', literal: '1.0' },
    { name: 'steps', type: 'number', literal: '20' },
    { name: 'stream', type: 'switch', on: true },
    { name: 'voices', type: 'json', text: '["a",1.5]' },
    { name: 'ref_audio', type: 'file', travel: { as: 'data-uri' } },
  ]);
  expect(await models.example('asr1', production)).toBeNull();
});

test('an unknown state is told as unknown, and a name cannot turn the line it stands in, nor an id its address', async () => {
  await using place = await world();
  const models = place.open();
  expect((await models.look('asr1'))?.deployments?.[0]?.state).toBe('unknown');
  place.server.answer('/v1/models', ({ response }) => {
    response.end('{"models":[{"id":"a1","name":"x\\u202ey\\u001b[1m"}]}');
  });
  await models.list();
  await expect.poll(() => place.last()?.models[0]?.name).toBe('x y [1m');
  place.server.answer('/v1/models', ({ response }) => {
    response.end('{"models":[{"id":"../x","name":"no id"}]}');
  });
  place.later(120_000);
  await models.list();
  await expect.poll(() => place.last()?.problem?.code).toBe('protocol_error');
});
