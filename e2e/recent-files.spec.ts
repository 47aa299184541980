import { AxeBuilder } from '@axe-core/playwright';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { launchApp, type LaunchOptions } from './app.ts';
import { expectWords, on } from './page.ts';

const sample = await readFile(join(import.meta.dirname, '../resources/sample/Gettysburg.mp3'));

/** A home with music in it, and a folder for what is gone soon that is not above it, as elsewhere in these specs. */
async function world() {
  const scratch = await scratchDirectory();
  const home = join(scratch.path, 'home');
  const music = join(home, 'Music', 'takes');
  const temporary = join(scratch.path, 'temporary');
  await Promise.all([music, temporary].map((path) => mkdir(path, { recursive: true })));
  const start = (args: string[] = [], options: LaunchOptions = {}) =>
    launchApp({ home, args, cwd: music, env: { TMPDIR: temporary, TEMP: temporary }, ...options });
  return {
    ...{ music, home, start },
    put: (name: string) => writeFile(join(music, name), sample),
    kept: () => readFile(join(home, '.local/share/soundpost/recent-files.json'), 'utf8'),
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

const recents = (page: Page) => page.getByRole('region', { name: 'Recent files' });

test('files of earlier days are offered where there is none, and one that is gone says so and goes', async () => {
  await using at = await world();
  for (const name of ['monday.mp3', 'tuesday.mp3']) {
    await at.put(name);
    await using app = await at.start([name]);
    await app.page.getByRole('article', { name }).waitFor();
  }
  await using app = await at.start();
  const { page } = app;
  expect(await page.content()).not.toContain(at.music);
  await on(page).request('New request').click();
  const rows = recents(page).getByRole('listitem');
  await expect
    .poll(() => rows.allInnerTexts())
    .toEqual([
      expect.stringMatching(/tuesday\.mp3\s+~\/Music\/takes/),
      expect.stringMatching(/monday\.mp3\s+~\/Music\/takes/),
    ]);
  expect((await new AxeBuilder({ page }).include('main').analyze()).violations).toEqual([]);

  await rm(join(at.music, 'tuesday.mp3'));
  await rows.first().getByRole('button').click();
  await expectWords(page, /tuesday\.mp3: .*taken off the recent files/);
  await expect.poll(() => rows.count()).toBe(1);
  await rows.first().getByRole('button').click();
  await page.getByRole('article', { name: 'monday.mp3' }).waitFor();
  expect(await at.kept()).not.toContain('tuesday');
  expect(app.problems).toEqual([]);
});

test('the palette finds recent files, and what is cleared there is cleared everywhere', async () => {
  await using at = await world();
  for (const name of ['one.mp3', 'two.mp3']) await at.put(name);
  await using app = await at.start(['one.mp3']);
  const { page } = app;
  await page.getByRole('article', { name: 'one.mp3' }).waitFor();
  await app.startAgain(['two.mp3'], at.music);
  await page.getByRole('article', { name: 'two.mp3' }).waitFor();

  const palette = page.getByRole('dialog', { name: 'Commands' });
  await page.keyboard.press('Control+KeyK');
  await palette.getByRole('group', { name: 'Recent files' }).waitFor();
  await page.keyboard.type('one.mp3');
  await page.keyboard.press('Enter');
  await page.getByRole('article', { name: 'one.mp3' }).waitFor();

  await on(page).request('New request').click();
  await recents(page).waitFor();
  await page.keyboard.press('Control+KeyK');
  await page.keyboard.type('clear the recent');
  await page.keyboard.press('Enter');
  await recents(page).waitFor({ state: 'detached' });
  expect(await at.kept()).not.toContain('mp3');

  await page.keyboard.press('Control+KeyK');
  await palette.getByRole('group', { name: 'Actions' }).waitFor();
  expect(await palette.getByText('Recent files').count()).toBe(0);
  expect(app.problems).toEqual([]);
});

test('what was dropped is remembered, but not the copy that a browser made of it', async () => {
  await using at = await world();
  await at.put('one.mp3');
  await using app = await at.start(['one.mp3']);
  const { page } = app;
  await page.getByRole('article', { name: 'one.mp3' }).waitFor();
  await app.drop([{ name: 'dropped.mp3', bytes: sample }]);
  await page.getByRole('article', { name: 'dropped.mp3' }).waitFor();
  await on(page).request('New request').click();
  const names = app.on === 'electron' ? [/dropped\.mp3/, /one\.mp3/] : [/one\.mp3/];
  const expected = names.map((name) => expect.stringMatching(name) as string);
  await expect.poll(() => recents(page).getByRole('listitem').allInnerTexts()).toEqual(expected);
  expect(app.problems).toEqual([]);
});

test('the list is cleared beside it, and the focus stays', async () => {
  await using at = await world();
  await at.put('one.mp3');
  await using app = await at.start(['one.mp3']);
  const { page } = app;
  await page.getByRole('article', { name: 'one.mp3' }).waitFor();
  await on(page).request('New request').click();
  await recents(page).getByRole('button', { name: 'Clear the recent files' }).press('Enter');
  await recents(page).waitFor({ state: 'detached' });
  const drop = page.getByRole('button', { name: /Drop audio here/ });
  expect(await drop.evaluate((button) => button === document.activeElement)).toBe(true);
  expect(app.problems).toEqual([]);
});

test('a hostile page learns no path of a recent file, and opens none that is not on the list', async () => {
  await using at = await world();
  await at.put('one.mp3');
  await using app = await at.start(['one.mp3']);
  const { page } = app;
  await page.getByRole('article', { name: 'one.mp3' }).waitFor();
  const answers = await page.evaluate(async () => {
    const bridge: unknown = Reflect.get(window, 'soundpost');
    const request = Reflect.get(Object(bridge), 'request') as (
      route: string,
      input: unknown,
    ) => Promise<unknown>;
    return Promise.all([
      request('recents.list', {}),
      request('files.take', {}),
      request('files.take', { paths: ['/etc/passwd'] }),
      request('recents.open', { id: '../../etc/passwd' }),
      request('recents.open', { id: 'etc-passwd' }),
      request('recents.open', { id: 'x', path: '/etc/passwd' }),
    ]);
  });
  expect(answers).toMatchObject([
    { ok: true, data: [{ name: 'one.mp3' }] },
    { ok: true, data: { taken: [], refused: [] } },
    { ok: false, failure: { code: 'invalid_request' } },
    { ok: false, failure: { code: 'invalid_request' } },
    { ok: false, failure: { code: 'unknown_input' } },
    { ok: false, failure: { code: 'invalid_request' } },
  ]);
  expect(JSON.stringify(answers)).not.toContain(at.home);
});
