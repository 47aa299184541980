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
import { epoch, fillIndex, record } from './history-runs.ts';
import { median } from './transfer-measure.ts';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    folders: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '15' },
    json: { type: 'boolean', default: false },
  },
});
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
    fillIndex(index, count);
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
  list('the page after 90,000', { offset: Math.floor(count * 0.9) });
  list('the page around a run', { anchor: record(Math.floor(count / 2)).id });
  list('failed runs of one model', { model: 'model03', state: 'failed' });
  list('one model', { model: 'model07' });
  list('starred', { starred: true });
  list('failed', { state: 'failed' });
  list('a week', { from: epoch(count - 10_000), to: epoch(count) });
  list('search: a file’s name', { text: 'interview-04242' });
  list('search: a word in every run', { text: 'nation' });
  list('search: two common words', { text: 'nation fathers' });
  list('search: a word in few runs', { text: 'zeppelin' });
  list('search: a word in few runs of one model', { text: 'zeppelin', model: 'model17' });
  list('search: one letter in few runs', { text: 'z' });
  list('search: one letter in every run', { text: 'n' });
  list('search: two letters', { text: 'zp' });
  list('search: a word and a letter', { text: 'nation z' });
  list('search: a common word in failed runs', { text: 'nation', state: 'failed' });
  list('search: nothing found', { text: 'nowheretobefound' });
  list('search: a word that few letters tell', { text: 'nationconceived' });
  measure('what there is to choose from', '', () => index.choices());
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
