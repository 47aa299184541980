/**
 * The history's window with very many runs, in the browser: how long it takes from a key press to the first rows painted,
 * from a word put into the search to what it finds, and how evenly frames come while it is scrolled through.
 * `npm run bench:history-window -- [--runs 100000] [--rounds 11] [--json]`; it needs a build, and a quiet machine.
 * Milliseconds; of the processor, those of the page's main thread, which are the same when others use the machine too.
 * Targets: the list opens, and a search answers, within 100 ms; 60 frames a second.
 */
import { mkdir, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { HistoryIndex } from '../electron/core/history/history-index.ts';
import { openIndex } from '../electron/core/history/open-index.ts';
import { launchApp } from '../e2e/app.ts';
import { fillIndex } from './history-runs.ts';
import { median } from './transfer-measure.ts';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '11' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const home = await mkdtemp(join(tmpdir(), 'soundpost-bench-'));
try {
  await fill(join(home, '.local', 'share', 'soundpost'), Number(options.runs));
  await using app = await launchApp({ home });
  const { page } = app;
  await page.getByRole('button', { name: 'Run', exact: false }).first().waitFor();
  await watch(page);
  const rows: object[] = [];
  const cost = await threadTime(page);
  const tell = (what: string, times: number[], processor: number[]): void => {
    const sorted = times.toSorted((one, other) => one - other);
    const at = (share: number): number =>
      Number((sorted[Math.ceil(share * sorted.length) - 1] ?? NaN).toFixed(1));
    rows.push({
      what,
      processor: Number(median(processor).toFixed(1)),
      median: Number(median(times).toFixed(1)),
      p95: at(0.95),
      worst: at(1),
    });
  };

  const opened: number[] = [];
  const opening: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const painted = await rowsPainted(page, '');
    const before = await cost();
    await page.keyboard.press('Control+Shift+KeyH');
    opened.push(await painted());
    opening.push((await cost()) - before);
    if (round === rounds - 1) break;
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.waitForTimeout(300);
  }
  tell('open the window, to rows painted', opened, opening);

  for (const word of ['z', 'zeppelin', 'nation', 'interview-04242']) {
    const typed: number[] = [];
    const typing: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await page.keyboard.press('Control+KeyA');
      await page.keyboard.press('Delete');
      await page.getByText(/^[1-9].* runs$/).waitFor();
      await page.waitForTimeout(300);
      const painted = await rowsPainted(page, 'count');
      const before = await cost();
      await page.keyboard.insertText(word);
      typed.push(await painted());
      typing.push((await cost()) - before);
    }
    tell(`search “${word}”, to its runs painted`, typed, typing);
  }
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.press('Delete');
  await page.waitForTimeout(500);

  for (const [how, what] of [
    ['still', 'a frame with nothing to do'],
    ['wheel', 'a frame while a wheel scrolls'],
    ['drag', 'a frame while the bar is dragged from end to end'],
  ] as const) {
    const before = await cost();
    const times = await frames(page, how);
    tell(what, times, [((await cost()) - before) / times.length]);
  }
  if (options.json) console.log(JSON.stringify(rows));
  else console.table(rows);
} finally {
  await rm(home, { recursive: true, force: true });
}

/** An index that the app takes as it is: it has seen the runs' folder, in which nothing has changed since. */
async function fill(data: string, count: number): Promise<void> {
  const runs = join(data, 'runs');
  await mkdir(runs, { recursive: true });
  const past = new Date(Date.now() - 3_600_000);
  await utimes(runs, past, past);
  const index = new HistoryIndex(
    openIndex(join(data, 'history.sqlite'), (error) => {
      throw error;
    }).database,
  );
  fillIndex(index, count);
  index.setFact('looked', (await stat(runs)).mtimeMs);
  index.close();
}

/** Milliseconds that the page's main thread has been at work, by the processor's clock. */
async function threadTime(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  };
}

/** The page's own clock tells when a key went down, or a text came. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const note = (event: Event): void => {
      Reflect.set(window, 'keyAt', event.timeStamp);
    };
    addEventListener('keydown', note, true);
    addEventListener('input', note, true);
  });
}

/**
 * Begins to wait for a frame that shows rows, or another count of them. The answered function tells how long after the next
 * key or text it was over, in milliseconds.
 */
async function rowsPainted(page: Page, what: '' | 'count'): Promise<() => Promise<number>> {
  await page.evaluate((wanted) => {
    const count = (): string =>
      document.querySelector('[role=dialog] [role=status]')?.textContent ?? '';
    const before = count();
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    Reflect.set(window, 'keyAt', 0);
    const begun = performance.now();
    const painted = async (): Promise<number> => {
      for (;;) {
        await frame();
        if (performance.now() - begun > 10_000) throw new Error('Nothing came within ten seconds.');
        const isThere = document.querySelector('[data-testid=run-row]') !== null;
        const isNew = wanted === '' || count() !== before;
        if (isThere && isNew && Number(Reflect.get(window, 'keyAt')) > 0) break;
      }
      // This frame paints them; a task of its own comes when that is over.
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = resolve;
        port2.postMessage(null);
      });
      return performance.now() - Number(Reflect.get(window, 'keyAt'));
    };
    Reflect.set(window, 'painted', painted());
  }, what);
  return () => page.evaluate(() => Reflect.get(window, 'painted') as Promise<number>);
}

/** Milliseconds between frames over three seconds. */
function frames(page: Page, how: 'still' | 'wheel' | 'drag'): Promise<number[]> {
  return page.evaluate(async (kind) => {
    const list = document.querySelector('[role=grid]');
    if (!list) throw new Error('There is no list.');
    const times: number[] = [];
    const start = performance.now();
    let last = await new Promise<number>(requestAnimationFrame);
    while (performance.now() - start < 3000) {
      const share = (performance.now() - start) / 3000;
      if (kind === 'wheel') list.scrollTop += 120;
      if (kind === 'drag') list.scrollTop = share * (list.scrollHeight - list.clientHeight);
      const now = await new Promise<number>(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    return times;
  }, how);
}
