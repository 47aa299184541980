import { AxeBuilder } from '@axe-core/playwright';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { FIRST_START, recordOf, writeRunFolder } from '../electron/core/testing/run-folders.ts';
import { startModelServer } from '../electron/core/testing/model-server.ts';
import { echo } from '../electron/core/testing/model-answers.ts';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { environment, launchApp } from './app.ts';
import { composeFor, on } from './page.ts';
import { listen } from './sound.ts';

test('a run is there tomorrow: found by a word, heard, asked again, removed and brought back', async () => {
  await using scratch = await scratchDirectory();
  const home = scratch.path;
  {
    await using app = await launchApp({ home });
    const { page } = app;
    for (const name of ['Transcribe', 'Echo']) {
      await on(page).request(name).click();
      await on(page).run.click();
      await page.getByText('200 OK').waitFor();
    }
    expect(app.problems).toEqual([]);
  }
  await using app = await launchApp({ home });
  const { page } = app;
  await on(page).request('Echo').waitFor();
  await page.keyboard.press('Control+Shift+KeyH');
  const dialog = page.getByRole('dialog', { name: 'History' });
  await dialog.getByText('2 runs').waitFor();
  await page.keyboard.type('forefathers');
  await dialog.getByText('No run is like that.').waitFor();
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type('continent');
  await dialog.getByText('1 run', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Star Demo: Transcribe' }).click();
  await dialog.getByRole('button', { name: 'Star Demo: Transcribe', pressed: true }).waitFor();
  await row(page, 'Demo: Transcribe').hover();
  await dialog.getByRole('button', { name: 'Remove Demo: Transcribe' }).click();
  await dialog.getByText('The run was removed.').waitFor();
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await dialog.getByText('1 run', { exact: true }).waitFor();

  await dialog.getByRole('searchbox').fill('');
  await dialog.getByTestId('run-row').filter({ hasText: 'Demo: Echo' }).click();
  await page.getByText('200 OK').waitFor();
  const answer = page.getByRole('article', { name: 'byte_data' });
  await answer.getByText('/ 0:13.8').waitFor();
  await answer.getByRole('button', { name: 'Play byte_data' }).click();
  expect((await listen(page)).peak).toBeGreaterThan(0.05);

  await page.getByRole('button', { name: 'Run again' }).click();
  await page.keyboard.press('Control+Shift+KeyH');
  await dialog.getByText('3 runs').waitFor();
  expect(app.problems).toEqual([]);
});

const runsIn = (home: string): string => join(home, '.local', 'share', 'soundpost', 'runs');
const history = (page: Page) => page.getByRole('dialog', { name: 'History' });
const row = (page: Page, text: string) => history(page).getByRole('row').filter({ hasText: text });

test('hundreds of runs are walked through by keys alone, narrowed, marked, noted and removed together', async () => {
  await using scratch = await scratchDirectory();
  for (let run = 1; run <= 400; run += 1) {
    await writeRunFolder(runsIn(scratch.path), run, 10, run % 10 === 0 ? { state: 'failed' } : {});
  }
  await using app = await launchApp({ home: scratch.path });
  const { page } = app;
  const grid = history(page).getByRole('grid', { name: 'Runs' });
  await on(page).request('Echo').waitFor();
  await page.keyboard.press('Control+Shift+KeyH');
  await history(page).getByText('400 runs').waitFor();
  await expectAccessible(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await row(page, 'run-000001').waitFor();
  expect(await grid.getAttribute('aria-rowcount')).toBe('400');
  const active = page.locator(`#${await grid.getAttribute('aria-activedescendant')}`);
  expect(await active.getAttribute('aria-rowindex')).toBe('400');

  // A run that comes meanwhile moves nothing that is read.
  const before = await row(page, 'run-000003').boundingBox();
  await writeRunFolder(runsIn(scratch.path), 401);
  await history(page).getByText('401 runs').first().waitFor();
  expect(await row(page, 'run-000003').boundingBox()).toEqual(before);
  expect(await grid.evaluate((list) => list === document.activeElement)).toBe(true);

  await page.keyboard.press('KeyN');
  await page.keyboard.type('Remember the heron');
  await page.keyboard.press('Escape');
  // With what it says of itself still beside it.
  await row(page, 'Remember the heron').filter({ hasText: 'Sentence of' }).waitFor();
  await page.keyboard.press('KeyS');
  await history(page).getByRole('button', { name: /^Star/, pressed: true }).waitFor();

  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await history(page).getByText('3 selected').waitFor();
  await page.keyboard.press('Delete');
  await history(page).getByText('3 runs were removed.').waitFor();
  await history(page).getByText('398 runs').first().waitFor();
  await history(page).getByRole('button', { name: 'Undo' }).click();
  await history(page).getByText('401 runs').first().waitFor();

  await history(page).getByLabel('State').selectOption('failed');
  await history(page).getByText('40 runs').waitFor();
  await history(page).getByLabel('Time').selectOption('between');
  await history(page)
    .getByLabel('To')
    .fill(dayOf(FIRST_START - 86_400_000));
  await history(page).getByText('No run is like that.').waitFor();
  // What is chosen stays while the window is open.
  await page.keyboard.press('Escape');
  await history(page).waitFor({ state: 'detached' });
  await page.keyboard.press('Control+Shift+KeyH');
  await history(page).getByText('No run is like that.').waitFor();
  await history(page).getByRole('button', { name: 'Clear' }).click();
  await history(page).getByText('401 runs').first().waitFor();
  expect(app.problems).toEqual([]);
});

test('the limit is shown and changed, and what would go is said first', async () => {
  await using scratch = await scratchDirectory();
  for (let run = 1; run <= 4; run += 1) await writeRunFolder(runsIn(scratch.path), run, 1_000_000);
  await using app = await launchApp({ home: scratch.path });
  const { page } = app;
  await on(page).request('Echo').waitFor();
  await page.keyboard.press('Control+Shift+KeyH');
  await history(page).getByText('4.0 MB of 10 GB').waitFor();
  await history(page).getByRole('button', { name: 'Change the limit' }).click();
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type('0.003');
  await history(page).getByText('deleted for good').waitFor();
  await history(page)
    .getByRole('button', { name: /^Delete 1\.0 MB/ })
    .click();
  await history(page)
    .getByText(/2\.0 MB of 3\.0 MB/)
    .waitFor();
  await history(page).getByText('2 runs').first().waitFor();
  expect(app.problems).toEqual([]);
});

test('two runs are compared: what differs, by words too, and one sound goes on where the other stood', async () => {
  await using scratch = await scratchDirectory();
  const home = scratch.path;
  const { outcome } = recordOf('x', new Date(), 1);
  for (const [run, said] of ['seven years ago', 'eight long years ago'].entries()) {
    await writeRunFolder(runsIn(home), run + 1, 10, {
      outcome: { ...outcome, text: `Four score and ${said}` },
    });
  }
  await using app = await launchApp({ home });
  const { page } = app;
  for (let run = 0; run < 2; run += 1) {
    await on(page).request('Echo').click();
    await on(page).run.click();
    await page.getByText('200 OK').waitFor();
  }
  const comparison = page.getByRole('region', { name: 'Comparison' });
  await page.keyboard.press('Control+Shift+KeyH');
  for (const name of ['seven years', 'eight long']) {
    await row(page, name).getByRole('checkbox').click();
  }
  await history(page).getByRole('button', { name: 'Compare' }).click();
  await comparison.getByRole('rowheader', { name: /^text ?, different/ }).waitFor();
  await expectAccessible(page);
  const marked = comparison.getByRole('group', { name: 'Text of A' }).locator('mark');
  expect(await marked.allInnerTexts()).toEqual(['seven']);
  await page.getByRole('button', { name: 'All runs' }).click();
  await history(page).getByRole('button', { name: 'Select none' }).click();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Compare…' }).click();
  await history(page).getByText('choose the run to compare it with').waitFor();
  await history(page).getByRole('checkbox', { name: 'Select Demo: Echo', checked: false }).click();
  await history(page).getByRole('button', { name: 'Compare' }).click();
  await comparison.getByText('/ 0:13.8').nth(1).waitFor();
  // What differs alone, each sound below the head of its run.
  expect(await comparison.getByRole('rowheader', { name: /, the same$/ }).count()).toBe(0);
  for (const [index, letter] of ['A', 'B'].entries()) {
    const head = await comparison.getByRole('columnheader').nth(index).boundingBox();
    const card = await comparison.getByRole('article', { name: `${letter}: ` }).boundingBox();
    expect(card?.x).toBeGreaterThanOrEqual(head?.x ?? Infinity);
    expect((card?.x ?? Infinity) + (card?.width ?? 0)).toBeLessThanOrEqual(
      (head?.x ?? 0) + (head?.width ?? 0),
    );
  }
  await comparison.getByRole('button', { name: 'Play A: byte_data' }).click();
  await listen(page);
  await page.keyboard.press('KeyX');
  await comparison.getByRole('button', { name: 'Pause B: byte_data' }).waitFor();
  expect((await listen(page)).from).toBeGreaterThan(0.2);
  expect(app.problems).toEqual([]);
});

test('a run made with a preset comes back into that preset, changed and all, and is run again from its row', async () => {
  await using server = await startModelServer();
  server.answer('/predict', echo());
  server.answer('/other', echo());
  await using app = await launchApp();
  const { page } = app;
  await composeFor(app, `${server.url}/predict`, new Uint8Array([1, 2, 3]), 'take.bin');
  await page.getByTestId('save-preset').click();
  await page.keyboard.type('Bytes back');
  await page.keyboard.press('Enter');
  const preset = on(page).request('Bytes back').first();
  await preset.waitFor();
  for (const path of ['predict', 'other']) {
    await on(page).address.fill(`${server.url}/${path}`);
    await on(page).run.click();
    await server.waitForRequest(path === 'predict' ? 1 : 2);
    await page.getByText('200 OK').waitFor();
  }
  await on(page).address.fill(`${server.url}/predict`);
  await on(page).request('Echo').click();

  await page.keyboard.press('Control+Shift+KeyH');
  await row(page, '/other').getByTestId('run-row').click();
  await history(page).waitFor({ state: 'detached' });
  expect(await preset.getAttribute('aria-current')).toBe('page');
  expect(await on(page).address.inputValue()).toBe(`${server.url}/other`);
  await preset.getByText('changed since').waitFor({ state: 'attached' });

  await page.keyboard.press('Control+Shift+KeyH');
  await row(page, '/predict').hover();
  await row(page, '/predict').getByRole('button', { name: 'Run Bytes back again' }).click();
  expect(await server.waitForRequest(3)).toMatchObject({ path: '/predict' });
  await page.getByText('and not saved made room').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await on(page).address.inputValue()).toBe(`${server.url}/other`);
  expect(app.problems).toEqual([]);
});

test('runs of the command line appear while the history is open, from another process', async () => {
  await using app = await launchApp();
  const { page } = app;
  await on(page).request('Echo').waitFor();
  await page.keyboard.press('Control+Shift+KeyH');
  await history(page).getByText('Each run is kept here').waitFor();
  const cli = join(import.meta.dirname, '..', 'out', 'main', 'cli.js');
  const sample = join(import.meta.dirname, '..', 'resources', 'sample', 'Gettysburg.mp3');
  const env = environment(app.home);
  await Promise.all(
    ['echo', 'transcribe'].map((model) =>
      promisify(execFile)(process.execPath, [cli, 'run', sample, '--demo', model], { env }),
    ),
  );
  await row(page, 'Demo: Echo').filter({ hasText: 'command line' }).waitFor();
  await row(page, 'Demo: Transcribe').filter({ hasText: 'command line' }).waitFor();
  // And what is done to them here is seen there.
  await row(page, 'Demo: Echo').getByRole('button', { name: /^Star/ }).click();
  await row(page, 'Demo: Echo').getByRole('button', { pressed: true }).waitFor();
  const listed = await promisify(execFile)(process.execPath, [cli, 'history', '--starred'], {
    env,
  });
  expect(listed.stdout).toMatch(/★.*demo:echo/);
  expect(app.problems).toEqual([]);
});

/** As a date field takes it. */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`),
  ).toEqual([]);
}
