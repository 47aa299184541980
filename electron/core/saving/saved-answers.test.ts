import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunOutcome } from '../../contract/run.ts';
import { answerMsgpack, echo } from '../testing/model-answers.ts';
import { startModelServer, type Behaviour } from '../testing/model-server.ts';
import { scratchCore, type ScratchCore } from '../testing/scratch-core.ts';
import { smallDisk } from '../testing/small-disk.ts';

const at = new Date();
const two = (value: number): string => String(value).padStart(2, '0');
const today = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

type Ask = { template?: string; preset?: string };

/** Runs against a model that answers so, and asks for the answer to be saved. */
async function saving(
  house: ScratchCore,
  behaviour: Behaviour,
  ask: Ask = {},
): Promise<RunOutcome> {
  await using server = await startModelServer();
  server.answer('/predict', behaviour);
  const path = join(house.directory, 'My talk.wav');
  await writeFile(path, new Uint8Array([1, 2, 3]));
  const { id } = await house.core.inputs.admit(path);
  const { template, preset } = ask;
  return await house.core.start({
    runId: crypto.randomUUID(),
    intent: {
      ...{ target: { kind: 'url', url: `${server.url}/predict` }, auth: 'api-key' },
      ...{ body: 'msgpack', answer: 'auto', retries: 0 },
      fields: [{ name: 'byte_data', value: { type: 'file', inputId: id } }],
    },
    ...(preset === undefined ? {} : { preset: { id: 'p', name: preset } }),
    save: { template },
    onProgress: () => undefined,
  });
}

const folderOf = (house: ScratchCore): string => join(house.directory, 'Music', 'Soundpost');
const json =
  (text: string): Behaviour =>
  ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  };

test('an answer is saved by the template as it came, and the next beside it', async () => {
  await using house = await scratchCore();
  const first = await saving(house, echo(), { preset: 'Change voice' });
  const name = `My talk-127.0.0.1-Change voice-${today}`;
  expect(first.saved).toEqual({ names: [`${name}.bin`], folder: '~/Music/Soundpost' });
  const second = await saving(house, echo(), { preset: 'Change voice' });
  expect(second.saved?.names).toEqual([`${name} (2).bin`]);
  expect(await readFile(join(folderOf(house), `${name} (2).bin`))).toEqual(Buffer.from([1, 2, 3]));
  expect(await readdir(folderOf(house))).toHaveLength(2);
  // Tomorrow's session finds it too.
  expect((await house.core.history.get(first.runId)).outcome.saved).toEqual(first.saved);
  expect(await house.core.saved.find(first.runId)).toBe(join(folderOf(house), `${name}.bin`));
});

test('runs that end at once have files of their own', async () => {
  await using house = await scratchCore();
  const runs = await Promise.all(
    Array.from({ length: 6 }, () => saving(house, json('{"a":1}'), { template: 'same/{model}' })),
  );
  const names = runs.flatMap(({ saved }) => saved?.names ?? []);
  expect(new Set(names).size).toBe(6);
  expect((await readdir(join(folderOf(house), 'same'))).sort()).toEqual(
    names.map((name) => name.replace('same/', '')).sort(),
  );
});

test('each part has a file, headerless sound and arrays as WAV, and a message without parts is JSON', async () => {
  await using house = await scratchCore();
  const parts = answerMsgpack({ a: new Uint8Array([1, 2]), '../b': new Uint8Array([3]) });
  const { saved } = await saving(house, parts, { template: 'x' });
  expect(saved?.names.sort()).toEqual(['x-_b.bin', 'x-a.bin']);
  expect((await saving(house, json('{"text":"hi"}'), { template: 'x' })).saved?.names).toEqual([
    'x.json',
  ]);
  expect(JSON.parse(await readFile(join(folderOf(house), 'x.json'), 'utf8'))).toEqual({
    text: 'hi',
  });
});

test('a run that failed or was cancelled saves nothing', async () => {
  await using house = await scratchCore();
  const { state, saved } = await saving(house, ({ response }) => {
    response.writeHead(500, { 'content-type': 'text/plain' }).end('no');
  });
  expect({ state, saved }).toEqual({ state: 'failed', saved: undefined });
  await expect(readdir(folderOf(house))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a folder that can’t be written to is said in words, and the run keeps the answer', async () => {
  await using house = await scratchCore();
  await mkdir(join(house.directory, 'Music'));
  await writeFile(folderOf(house), 'in the way');
  const outcome = await saving(house, json('{"a":1}'));
  expect(outcome).toMatchObject({
    ...{ state: 'done', output: { a: 1 } },
    saved: { names: [], failure: { code: 'disk_error' } },
  });
  expect(outcome.saved?.failure?.message).toMatch(
    /can’t be saved in ~\/Music\/Soundpost.*A file is in its place.*The run has kept it/,
  );
  expect(house.logged).toEqual([]);
});

test('a full disk leaves no half a file', async (context) => {
  await using disk = await smallDisk(4);
  if (!disk) return context.skip();
  await using house = await scratchCore();
  await house.core.settings.chooseFolder(disk.path);
  const { saved } = await saving(house, ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(Buffer.alloc(64 * 1024 * 1024, 1));
  });
  expect(saved).toMatchObject({ names: [], failure: { code: 'disk_full' } });
  expect(await readdir(disk.path)).toEqual([]);
});

test('a record of somebody else’s shows no file outside of the folder', async () => {
  await using house = await scratchCore();
  const { runId } = await saving(house, json('{"a":1}'), { template: 'x' });
  await writeFile(join(house.directory, 'Music', 'secret.json'), '{}');
  const recordPath = join(house.core.runFolder(runId), 'run.json');
  // The copies of the inputs are put down last.
  await expect.poll(() => readFile(recordPath, 'utf8')).not.toContain('"lease"');
  const record = await readFile(recordPath, 'utf8');
  await writeFile(recordPath, record.replace('x.json', '../secret.json'));
  await using other = await scratchCore({
    dataDirectory: join(house.directory, 'data'),
    home: house.directory,
  });
  await expect(other.core.saved.find(runId)).rejects.toMatchObject({ code: 'file_unreadable' });
});
