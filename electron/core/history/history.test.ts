import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Core } from '../core.ts';
import { answerMsgpack } from '../testing/model-answers.ts';
import { startModelServer } from '../testing/model-server.ts';
import { FIRST_START, recordOf, writeRunFolder } from '../testing/run-folders.ts';
import { scratchCore, scratchKey } from '../testing/scratch-core.ts';
import { wavFile } from '../testing/wav-file.ts';

const sound = wavFile({ data: Buffer.alloc(4000, 5) });

const bytesAt = async (core: Core, url = ''): Promise<Buffer> => {
  const response = await core.serve(new Request(`http://page${url}`));
  return Buffer.from((await response?.arrayBuffer()) ?? new ArrayBuffer());
};

const listed = async (core: Core, query = {}): Promise<string[]> =>
  (await core.history.list({ limit: 50, ...query })).rows.map(({ runId }) => runId);

describe('a run', () => {
  test('stands in the history while it goes on, and opens in another session with its parts, inputs and fields', async () => {
    await using house = await scratchCore();
    await using server = await startModelServer();
    server.answer('/predict', answerMsgpack({ byte_data: sound, said: 'Hello', loud: true }));
    const { path, field } = await house.file(5000);
    await house.core.history.complete();
    const during: unknown[] = [];
    const { runId, outcome } = house.start(
      `${server.url}/predict`,
      { fields: [field, { name: 'text', value: { type: 'text', text: 'Say it' } }] },
      ({ phase }) => {
        if (phase === 'receiving') during.push(house.core.history.list({ limit: 10 }));
      },
    );
    const first = await outcome;
    expect(await Promise.all(during)).toMatchObject([{ rows: [{ runId, state: 'running' }] }]);
    expect(house.logged).toEqual([]);
    await house.core.close();
    await rm(path);

    await using later = await scratchCore({ dataDirectory: join(house.directory, 'data') });
    const page = await later.core.history.list({ limit: 10 });
    expect(page).toMatchObject({ total: 1, next: null });
    expect(page.rows[0]).toMatchObject({
      ...{ runId, state: 'done', by: 'app', star: false, parts: ['audio'], status: 200 },
      ...{ inputs: ['file-1.bin'], excerpt: 'Hello', model: `${new URL(server.url).host}/predict` },
    });
    const entry = await later.core.history.get(runId);
    expect(entry.outcome).toMatchObject({ ...first, parts: first.parts });
    expect(await bytesAt(later.core, entry.outcome.parts[0]?.url)).toEqual(sound);
    expect(entry.inputs).toMatchObject([{ name: 'file-1.bin', size: 5000, input: { size: 5000 } }]);
    expect(entry.inputs[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await bytesAt(later.core, entry.inputs[0]?.input?.url)).toEqual(Buffer.alloc(5000, 7));
    // The intent can be sent again as it is.
    const again = await later.core.start({ runId: 'again', intent: entry.intent, onProgress() {} });
    expect(again.state).toBe('done');
    expect(server.requests[1]?.sha256).toBe(server.requests[0]?.sha256);
  });

  test('is written down without the key, also where the user typed it', async () => {
    await using house = await scratchCore();
    await using server = await startModelServer();
    server.answer('/predict', answerMsgpack({ said: scratchKey }));
    const { runId } = await house.run(`${server.url}/predict`, {
      fields: [{ name: 'text', value: { type: 'text', text: `my key is ${scratchKey}` } }],
    });
    const record = await readFile(join(house.core.runFolder(runId), 'run.json'), 'utf8');
    expect(record).toContain('[key]');
    expect(record).not.toContain(scratchKey);
  });

  test('that is starred and noted says so in every session, and is found by its notes', async () => {
    await using house = await scratchCore();
    const runsDirectory = join(house.directory, 'data', 'runs');
    const one = await writeRunFolder(runsDirectory, 1);
    await writeRunFolder(runsDirectory, 2);
    await house.core.history.setStar(one, true);
    await house.core.history.setNotes(one, 'The best TAKE, übergut');
    await rm(join(house.directory, 'data', 'history.sqlite'), { force: true });
    await using later = await scratchCore({ dataDirectory: join(house.directory, 'data') });
    expect(await listed(later.core, { starred: true })).toEqual([one]);
    expect(await listed(later.core, { text: 'ubergut take' })).toEqual([one]);
    expect((await later.core.history.get(one)).notes).toBe('The best TAKE, übergut');
  });
});

describe('the list', () => {
  test('comes newest first in pages that leave nothing out and nothing in twice', async () => {
    await using house = await scratchCore();
    const runsDirectory = join(house.directory, 'data', 'runs');
    const same = { startedAt: new Date(FIRST_START).toISOString() };
    for (let run = 1; run <= 25; run += 1) {
      await writeRunFolder(runsDirectory, run, 10, run % 5 === 0 ? same : {});
    }
    await house.core.history.complete();
    for (const text of [undefined, 'sentence', 'se']) {
      const seen: string[] = [];
      for (let cursor: number | null | undefined; cursor !== null;) {
        const query = { limit: 4, ...(cursor ? { cursor } : {}), ...(text ? { text } : {}) };
        const page = await house.core.history.list(query);
        expect(page.total).toBe(25);
        seen.push(...page.rows.map(({ startedAt, runId }) => `${startedAt} ${runId}`));
        cursor = page.next;
      }
      expect(new Set(seen).size).toBe(25);
      expect(seen.map((row) => row.slice(0, 24))).toEqual(
        seen
          .map((row) => row.slice(0, 24))
          .sort()
          .reverse(),
      );
    }
  });

  test('is narrowed by model, state, preset, time and words, all at once', async () => {
    await using house = await scratchCore();
    const runsDirectory = join(house.directory, 'data', 'runs');
    const preset = { id: 'whisper', name: 'Whisper, big' };
    const one = await writeRunFolder(runsDirectory, 1, 10, { state: 'failed', preset });
    const two = await writeRunFolder(runsDirectory, 2, 10, { preset });
    const three = await writeRunFolder(runsDirectory, 3);
    await house.core.history.complete();
    expect(await listed(house.core, { state: 'failed' })).toEqual([one]);
    expect(await listed(house.core, { preset: 'whisper' })).toEqual([two, one]);
    expect(await listed(house.core, { text: 'WHISPER big', from: FIRST_START + 120_000 })).toEqual([
      two,
    ]);
    expect(await listed(house.core, { to: FIRST_START + 120_000 })).toEqual([one]);
    expect(await listed(house.core, { model: 'abc123', text: '03' })).toEqual([three]);
    expect(await listed(house.core, { model: 'abc12' })).toEqual([]);
    expect(await listed(house.core, { model: 'abc123', state: 'done' })).toEqual([three, two]);
    expect(await listed(house.core, { text: 'sentence', model: 'ABC123' })).toEqual([]);
    expect(await listed(house.core, { text: 'whisper', state: 'done' })).toEqual([two]);
    await house.core.history.setStar(three, true);
    expect(await listed(house.core, { text: 'sentence', starred: true })).toEqual([three]);
    await house.core.history.setStar(three, false);
    expect(await listed(house.core, { text: 'sentence', starred: true })).toEqual([]);
    expect(house.core.history.choices()).toEqual({
      models: [{ model: 'abc123', runs: 3 }],
      presets: [{ ...preset, runs: 2 }],
    });
    for (const text of ['"', '" OR "', 'NEAR(', '* -', "'", '%', 'run-0000"'])
      expect(await listed(house.core, { text })).toEqual([]);
  });

  test('is found by one letter and by signs, and by a word only where its letters follow one another', async () => {
    await using house = await scratchCore();
    const runsDirectory = join(house.directory, 'data', 'runs');
    const said = async (run: number, text: string): Promise<string> =>
      writeRunFolder(runsDirectory, run, 10, {
        outcome: { ...recordOf(`run-00000${run}`, new Date(), 1).outcome, text },
      });
    const one = await said(1, 'abcd bcde');
    const two = await said(2, 'ABCDE, C#: 50% "q" 日本語の音声 \u0001 \u{1f3b5}');
    await house.core.history.complete();
    expect(await listed(house.core, { text: 'abcde' })).toEqual([two]);
    expect(await listed(house.core, { text: 'bcd' })).toEqual([two, one]);
    for (const text of ['q', 'c#', '"q"', '%', '本', '本語', '語の音声', '\u{1f3b5}', ',', '#:'])
      expect(await listed(house.core, { text }), text).toEqual([two]);
    expect(await listed(house.core, { text: 'b q' })).toEqual([two]);
    expect(await listed(house.core, { text: "'" })).toEqual([]);
  });

  test('begins a page after so many, or with a run wherever that has got to', async () => {
    await using house = await scratchCore();
    const runsDirectory = join(house.directory, 'data', 'runs');
    for (let run = 1; run <= 9; run += 1) await writeRunFolder(runsDirectory, run);
    await house.core.history.complete();
    for (const text of [undefined, 'sentence', 's']) {
      const query = { limit: 2, ...(text ? { text } : {}) };
      const page = await house.core.history.list({ ...query, offset: 3 });
      expect(page).toMatchObject({ offset: 3, total: 9 });
      expect(page.rows.map(({ runId }) => runId)).toEqual(['run-000006', 'run-000005']);
      const around = await house.core.history.list({ ...query, offset: 1, anchor: 'run-000004' });
      expect(around).toMatchObject({ offset: 5, rows: [{ runId: 'run-000004' }, {}] });
      const gone = await house.core.history.list({ ...query, offset: 8, anchor: 'gone' });
      expect(gone).toMatchObject({ offset: 8, rows: [{ runId: 'run-000001' }], next: null });
    }
  });
});

describe('removing', () => {
  test('and bringing back keeps every byte, the star and the notes', async () => {
    await using house = await scratchCore();
    const runsDirectory = join(house.directory, 'data', 'runs');
    const one = await writeRunFolder(runsDirectory, 1, 5000);
    const two = await writeRunFolder(runsDirectory, 2);
    await house.core.history.setNotes(one, 'keep');
    const read = () =>
      Promise.all(
        ['run.json', 'response.bin', 'marks.json'].map((name) =>
          readFile(join(runsDirectory, one, name)),
        ),
      );
    const before = await read();
    const { url } = (await house.core.history.get(one)).outcome.parts[0] ?? {};
    expect(await house.core.history.remove([one, 'nothing'])).toMatchObject({
      done: [one],
      refused: [{ runId: 'nothing', failure: { code: 'invalid_request' } }],
    });
    expect(await listed(house.core)).toEqual([two]);
    await expect(bytesAt(house.core, url)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await house.core.history.restore([one])).toEqual({ done: [one], refused: [] });
    expect(await read()).toEqual(before);
    expect(await listed(house.core, { text: 'keep' })).toEqual([one]);
    await house.core.history.get(one);
    expect(await bytesAt(house.core, url)).toEqual(Buffer.alloc(5000, 1));
  });
});

describe('the limit', () => {
  test('removes the oldest until the rest fits exactly, and never a starred run or the newest', async () => {
    await using house = await scratchCore();
    const runsDirectory = join(house.directory, 'data', 'runs');
    for (let run = 1; run <= 6; run += 1) await writeRunFolder(runsDirectory, run, 1_000_000);
    await house.core.history.setStar('run-000002', true);
    await house.core.history.complete();
    const { bytes } = await house.core.history.usage();
    // A byte less than what is there costs one run.
    await house.core.history.setLimit(bytes);
    expect((await house.core.history.usage()).runs).toBe(6);
    await house.core.history.setLimit(bytes - 1);
    expect(await listed(house.core)).not.toContain('run-000001');
    expect((await house.core.history.usage()).runs).toBe(5);
    await house.core.history.setLimit(1_000_000);
    expect(await listed(house.core)).toEqual(['run-000006', 'run-000002']);
    expect(await house.core.history.usage()).toMatchObject({ runs: 2, limit: 1_000_000 });
  });

  test('spares a run that another process starred behind the index’s back', async () => {
    await using house = await scratchCore();
    const runsDirectory = join(house.directory, 'data', 'runs');
    for (let run = 1; run <= 3; run += 1) await writeRunFolder(runsDirectory, run, 1_000_000);
    await house.core.history.complete();
    const marks = JSON.stringify({ version: 1, star: true, notes: '' });
    await writeFile(join(runsDirectory, 'run-000001', 'marks.json'), marks);
    await house.core.history.setLimit(1_000_000);
    expect(await listed(house.core)).toEqual(['run-000003', 'run-000001']);
  });
});
