/**
 * The history with very many runs: how long its list, its search and its pages take, and how fast it is made anew from
 * folders. `npm run bench:history -- [--runs 100000] [--folders 5000] [--rounds 15] [--json]`. Milliseconds: the median and
 * the worst by the clock, and the median of the processor's, which tells the same when others use the machine too.
 * Targets: the list opens, and a search answers, within 100 ms.
 */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { HistoryQuery } from '../electron/contract/history.ts';
import { FolderScan } from '../electron/core/history/folder-scan.ts';
import { HistoryIndex } from '../electron/core/history/history-index.ts';
import { HistoryStore } from '../electron/core/history/history-store.ts';
import { openIndex } from '../electron/core/history/open-index.ts';
import { rowOfRun, type IndexedRun } from '../electron/core/history/row-of-run.ts';
import type { RunRecord } from '../electron/core/runs/run-record.ts';
import { median } from './transfer-measure.ts';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    folders: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '15' },
    json: { type: 'boolean', default: false },
  },
});
const MINUTE = 60_000;
const words =
  'four score and seven years ago our fathers brought forth upon this continent a new nation conceived in liberty and dedicated to the proposition that all men are created equal now we are engaged in a great civil war testing whether that nation or any so conceived can long endure'.split(
    ' ',
  );
const scratch = await mkdtemp(join(tmpdir(), 'soundpost-bench-'));
try {
  const path = join(scratch, 'history.sqlite');
  const log = (error: unknown): void => {
    throw error;
  };
  const count = Number(options.runs);
  const rows: {
    what: string;
    processor?: number;
    median?: number;
    worst?: number;
    note: string;
  }[] = [];
  const filled = performance.now();
  {
    const index = new HistoryIndex(openIndex(path, log).database);
    for (let at = 0; at < count; at += 500) {
      const piece: IndexedRun[] = [];
      for (let one = at; one < Math.min(at + 500, count); one += 1) {
        piece.push(rowOfRun(record(one), { star: one % 50 === 0, notes: '' }, 150_000));
      }
      index.put(piece);
    }
    index.close();
  }
  const perSecond = (count / (performance.now() - filled)) * 1000;
  const { size } = await stat(path);

  const measure = (what: string, note: string, work: () => unknown): void => {
    const times: number[] = [];
    const processor: number[] = [];
    for (let round = 0; round < Number(options.rounds); round += 1) {
      const start = performance.now();
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      times.push(performance.now() - start);
      processor.push((user + system) / 1000);
    }
    rows.push({
      what,
      processor: Number(median(processor).toFixed(1)),
      median: Number(median(times).toFixed(1)),
      worst: Number(Math.max(...times).toFixed(1)),
      note,
    });
  };
  measure('open the index and its first page', '', () => {
    const index = new HistoryIndex(openIndex(path, log).database);
    index.list({ limit: 50 });
    index.close();
  });
  const index = new HistoryIndex(openIndex(path, log).database);
  const list = (what: string, query: Omit<HistoryQuery, 'limit'>): void => {
    const { total } = index.list({ ...query, limit: 50 });
    measure(what, `${total} runs`, () => index.list({ ...query, limit: 50 }));
  };
  list('first page', {});
  const cursor = index.list({ limit: 200, to: epoch(count / 2) }).next ?? 0;
  list('a page in the middle', { cursor });
  list('one model', { model: 'model07' });
  list('starred', { starred: true });
  list('failed', { state: 'failed' });
  list('a week', { from: epoch(count - 10_000), to: epoch(count) });
  list('search: a file’s name', { text: 'interview-04242' });
  list('search: a word in every run', { text: 'nation' });
  list('search: two common words', { text: 'nation fathers' });
  list('search: a word in few runs', { text: 'zeppelin' });
  list('search: one letter', { text: 'z' });
  list('search: a common word in failed runs', { text: 'nation', state: 'failed' });
  list('search: nothing found', { text: 'nowheretobefound' });
  measure('disk used by all runs', '', () => index.usage());
  index.close();
  rows.push({
    what: 'insert rows',
    note: `${Math.round(perSecond)} a second; index ${(size / 1e6).toFixed(0)} MB`,
  });
  rows.push({ what: 'make the index from folders', note: await rebuild(Number(options.folders)) });
  if (options.json) console.log(JSON.stringify(rows));
  else console.table(rows);
} finally {
  if (!process.env['KEEP']) await rm(scratch, { recursive: true, force: true });
  else console.log(scratch);
}

/** From true folders, as after the index was lost, while this thread stays free for others. */
async function rebuild(folders: number): Promise<string> {
  const runsDirectory = join(scratch, 'data', 'runs');
  for (let one = 0; one < folders; one += 1) {
    const written = record(one);
    const folder = join(runsDirectory, written.id);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'run.json'), JSON.stringify(written));
    await writeFile(join(folder, 'response.bin'), 'x'.repeat(200));
  }
  const store = new HistoryStore(join(scratch, 'data', 'history.sqlite'), console.error);
  const flight = { isHeld: () => Promise.resolve(false) };
  const scan = new FolderScan({ ...{ runsDirectory, store, flight }, log: console.error });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const start = performance.now();
  await scan.look();
  const seconds = (performance.now() - start) / 1000;
  delay.disable();
  const glance = performance.now();
  await scan.look();
  const again = performance.now() - glance;
  store.end();
  const held = (delay.percentile(99) / 1e6).toFixed(0);
  return `${Math.round(folders / seconds)} a second; 99 % of waits under ${held} ms; another look ${again.toFixed(0)} ms`;
}

function epoch(one: number): number {
  return Date.UTC(2026, 0, 1) + Math.floor(one) * MINUTE;
}

/** Speech recognition and synthesis in turn, with the words of people. */
function record(one: number): RunRecord {
  const said = Array.from(
    { length: 60 },
    (_, at) => words[(one * 7 + at * (1 + (one % 11))) % words.length],
  );
  if (one % 5000 === 17) said.push('zeppelin');
  const runId = `00000000-0000-4000-8000-${String(one).padStart(12, '0')}`;
  const hasFailed = one % 40 === 3;
  return {
    version: 2,
    id: runId,
    state: hasFailed ? 'failed' : 'done',
    startedAt: new Date(epoch(one)).toISOString(),
    endedAt: new Date(epoch(one) + 3000).toISOString(),
    by: one % 3 === 0 ? 'cli' : 'app',
    intent: {
      target: {
        kind: 'model',
        modelId: `model${String(one % 20).padStart(2, '0')}`,
        deployment: { kind: 'production' },
      },
      ...{ auth: 'api-key', body: 'msgpack', answer: 'auto' },
      fields: [{ name: 'language', value: { type: 'text', text: 'en' } }],
    },
    inputs: [
      {
        inputId: 'one',
        name: `interview-${String(one).padStart(5, '0')}.mp3`,
        size: 130_000,
        file: 'input-1.mp3',
      },
    ],
    outcome: {
      runId,
      state: hasFailed ? 'failed' : 'done',
      warnings: [],
      url: 'https://model-abc.api.baseten.co/production/predict',
      status: 200,
      requestId: `${((one * 2654435761) % 2 ** 32).toString(16)}c0ffee`,
      sent: 130_500,
      received: 20_000,
      timings: { total: 2500 },
      headers: [['content-type', 'application/octet-stream']],
      parts: [],
      output: { text: said.join(' ') },
    },
    parts: [],
  };
}
