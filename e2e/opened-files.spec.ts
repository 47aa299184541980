import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { electronForSpecs, environment, launchApp } from './app.ts';
import { launchBrowser } from './browser.ts';
import { expectWords, on } from './page.ts';

const sample = await readFile(join(import.meta.dirname, '../resources/sample/Gettysburg.mp3'));

/** A folder of the user's, and what puts files into it. */
async function folder() {
  const scratch = await scratchDirectory();
  const file = async (name: string, content: string | Uint8Array = sample): Promise<string> => {
    const path = join(scratch.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  };
  return { path: scratch.path, file, [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose]() };
}

const preset = (name: string): string =>
  JSON.stringify({
    ...{ soundpost: 'presets', version: 1 },
    presets: [
      {
        ...{ id: 'p1', name, auth: 'api-key', body: 'msgpack', answer: 'auto', fields: [] },
        target: { kind: 'model', modelId: 'abc123', deployment: { kind: 'production' } },
      },
    ],
  });

const sound = (page: Page, name: string) => page.getByRole('article', { name });

test('a file that the app is started with is there to be sent, named from where the user was', async () => {
  await using at = await folder();
  await at.file('takes/first take.mp3');
  await using app = await launchApp({
    ...{ args: ['first take.mp3'], cwd: join(at.path, 'takes') },
  });
  const { page } = app;
  await sound(page, 'first take.mp3').waitFor();
  await on(page).run.click();
  await page.getByText('200 OK').waitFor();
  expect(app.problems).toEqual([]);
});

test.skipIf(electronForSpecs() !== null)(
  '`npm start` takes files from the folder where its user is, not from the checkout',
  async () => {
    await using at = await folder();
    await at.file('here.mp3');
    await using cleanup = new AsyncDisposableStack();
    const root = join(import.meta.dirname, '..');
    const child = spawn(
      process.execPath,
      ['scripts/start.ts', '--web', '--no-open', '--keep', 'here.mp3'],
      {
        ...{ cwd: root, env: { ...environment(at.path), INIT_CWD: at.path } },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    cleanup.defer(async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    });
    const entry = await new Promise<string>((resolve) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const url = /http:\/\/\S+token=\S+/.exec(said)?.[0];
        if (url) resolve(url);
      });
    });
    const { browser } = cleanup.use(await launchBrowser());
    const page = await browser.newPage();
    await page.goto(entry);
    await sound(page, 'here.mp3').waitFor();
  },
);

test('a preset that the app is started with is among the presets, and chosen', async () => {
  await using at = await folder();
  const path = await at.file('Team.soundpost', preset('Whisper of the team'));
  await using app = await launchApp({ args: [pathToFileURL(path).href] });
  const { page } = app;
  await page.getByRole('heading', { name: 'Whisper of the team' }).waitFor();
  await expectWords(page, /Added 1 preset/);
  expect(await on(page).request('Whisper of the team').count()).toBeGreaterThan(0);
  expect(app.problems).toEqual([]);
});

test('a second start hands its files to the window that is open, and says what it can’t open', async () => {
  await using at = await folder();
  await at.file('second.mp3');
  await mkdir(join(at.path, 'album'));
  await using app = await launchApp();
  const { page } = app;
  await sound(page, 'Gettysburg.mp3').waitFor();
  await on(page).request('New request').click();
  await app.startAgain(
    ['gone.mp3', 'album', 'sftp://elsewhere/music/far.mp3', 'second.mp3'],
    at.path,
  );
  await sound(page, 'second.mp3').waitFor();
  await expectWords(page, /gone\.mp3: .*not there any more/);
  await expectWords(page, /album: .*folder/);
  await expectWords(page, /far\.mp3: .*not a file on this computer/);
  expect(await page.content()).not.toContain(basename(at.path));

  await app.startAgain([], at.path);
  await app.startAgain(['--lang', 'fr'], at.path);
  await at.file('third.mp3');
  await app.startAgain(['third.mp3'], at.path);
  await sound(page, 'third.mp3').waitFor();
  expect(app.problems).toEqual([]);
});

test('several starts at once, one for each file, are taken as one drop of all', async () => {
  await using at = await folder();
  const names = ['a.mp3', 'b.mp3', 'c.mp3'];
  for (const name of names) await at.file(name);
  await using app = await launchApp();
  const { page } = app;
  await on(page).request('New request').click();
  await page.getByRole('button', { name: 'Add field' }).click();
  await page.getByLabel('Type of unnamed field').selectOption('file');
  const starts = names.map(async (name, number) => {
    // Not in the same moment, as no system does it.
    await setTimeout(number * 40);
    await app.startAgain([name], at.path);
  });
  await Promise.all(starts);
  await expectWords(page, /Only \w\.mp3 was taken\. No field is free for \w\.mp3\./);
  expect(await page.getByRole('article').count()).toBe(2);
  expect(app.problems).toEqual([]);
});

test.skipIf(electronForSpecs() !== null && process.platform !== 'darwin')(
  'files that macOS hands over before the app is ready wait for the page',
  async () => {
    await using at = await folder();
    const take = await at.file('early.mp3');
    const team = await at.file('Early.soundpost', preset('Early preset'));
    await using app = await launchApp({ args: ['--open-file', take, '--open-file', team] });
    const { page } = app;
    await page.getByRole('heading', { name: 'Early preset' }).waitFor();
    await on(page).request('Echo').click();
    await sound(page, 'early.mp3').waitFor();
    expect(app.problems).toEqual([]);
  },
);
