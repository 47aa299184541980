import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { answerJson, echo } from '../electron/core/testing/model-answers.ts';
import { startModelServer } from '../electron/core/testing/model-server.ts';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { launchApp } from './app.ts';
import { addStarter, composeFor, on } from './page.ts';

const rows = (page: Page) => page.getByRole('navigation', { name: 'Requests' });
/** A row of the left pane; the button beside it is “More for …”. */
const row = (page: Page, name: string) =>
  rows(page)
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .first();
const fileOf = (home: string): string => join(home, '.config', 'soundpost', 'presets.json');

test('a well-known model needs only its id, and what is made of it is there tomorrow', async () => {
  await using scratch = await scratchDirectory();
  const home = scratch.path;
  {
    await using app = await launchApp({ home });
    const { page } = app;
    await page.getByRole('button', { name: 'New preset…' }).click();
    await page.keyboard.type('kokoro');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Kokoro/ })
      .click();
    await page.keyboard.type('https://model-abc12de.api.baseten.co/production/predict');
    await page.keyboard.press('Enter');
    await row(page, 'Kokoro').waitFor();
    await expect.poll(() => page.getByLabel('voice', { exact: true }).inputValue()).toBe('af');

    const text = page.getByLabel('text', { exact: true });
    await expect.poll(() => text.evaluate((box) => box === document.activeElement)).toBe(true);

    await page.getByLabel('voice', { exact: true }).selectOption('bf_emma');
    await rows(page).getByText('changed since').waitFor({ state: 'attached' });
    await page.keyboard.press('Control+Shift+KeyS');
    await page.getByText('Saved “Kokoro”').waitFor();
    expect(await rows(page).getByText('changed since').count()).toBe(0);

    await row(page, 'Kokoro').press('F2');
    await page.keyboard.type('Emma');
    await page.keyboard.press('Enter');
    await row(page, 'Emma').waitFor();
    expect(app.problems).toEqual([]);
  }
  await using app = await launchApp({ home });
  const { page } = app;
  await row(page, 'Emma').waitFor();
  await page.keyboard.press('Alt+Digit1');
  await expect.poll(() => page.getByLabel('voice', { exact: true }).inputValue()).toBe('bf_emma');
  await page.getByText('https://model-abc12de.api.baseten.co/production/predict').waitFor();
  expect(app.problems).toEqual([]);
});

test('a server with OpenAI’s API is given by its base URL, and what is no whole address is told so', async () => {
  await using server = await startModelServer();
  server.answer('/v1/audio/speech', answerJson({ said: 'four score' }));
  await using app = await launchApp({ env: { BASETEN_API_KEY: 'abcd1234.abcd1234' } });
  const { page } = app;
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'New preset…' }).click();
  await page.keyboard.type('openai');
  await dialog.getByRole('button', { name: /^OpenAI-style speech/ }).click();
  await page.keyboard.type('127.0.0.1:8000/v1');
  await dialog.getByText('That is no whole web address. Write it as https://host/path.').waitFor();
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type(`${server.url}/v1`);
  await dialog.getByText('What it lacks of /v1/audio/speech is added').waitFor();
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.getByTestId('url').innerText())
    .toBe(`POST ${server.url}/v1/audio/speech`);
  await rows(page)
    .getByRole('heading', { name: new URL(server.url).host })
    .waitFor();
  expect(app.problems).toEqual([]);
});

test('a field that was removed comes back with its text, and a changed preset can be as it was saved', async () => {
  await using app = await launchApp();
  const { page } = app;
  await addStarter(page, 'XTTS v2', 'abc123');
  const text = page.getByLabel('text', { exact: true });
  const voice = page.getByLabel('speaker_voice', { exact: true });
  const names = page.getByLabel('Field name');
  const undo = page.getByRole('button', { name: 'Undo' });
  await text.fill('Hello');
  await page.getByRole('button', { name: 'Remove text' }).click();
  await text.waitFor({ state: 'detached' });
  await undo.click();
  expect(await text.inputValue()).toBe('Hello');
  expect(await names.first().inputValue()).toBe('text');

  await voice.fill('Ana');
  await rows(page).getByRole('button', { name: 'More for XTTS v2' }).click();
  await page.getByRole('menuitem', { name: 'Revert' }).click();
  await expect.poll(() => voice.inputValue()).toBe('Claribel Dervla');
  expect(await text.inputValue()).toMatch(/^Four score/);
  await undo.click();
  await expect.poll(() => voice.inputValue()).toBe('Ana');
  expect(await text.inputValue()).toBe('Hello');
  expect(app.problems).toEqual([]);
});

test('a request is kept under a name, removed and brought back, shared and taken in, and asks before a stranger’s host', async () => {
  await using server = await startModelServer();
  server.answer('/predict', echo());
  await using app = await launchApp({ env: { BASETEN_API_KEY: 'abcd1234.abcd1234' } });
  const { page } = app;
  await composeFor(app, `${server.url}/predict`, new Uint8Array([1, 2, 3]), 'take.bin');
  await page.getByTestId('save-preset').click();
  await page.keyboard.type('Bytes back');
  await page.keyboard.press('Enter');
  await row(page, 'Bytes back').waitFor();
  const kept = await readFile(fileOf(app.home), 'utf8');
  expect(kept).toContain('Bytes back');
  expect(kept).not.toMatch(/take\.bin|abcd1234/);

  await rows(page).getByRole('button', { name: 'More for Bytes back' }).click();
  await page.getByRole('menuitem', { name: 'Copy to share' }).click();
  await page.getByText('It holds no key').waitFor();
  await row(page, 'Bytes back').press('Delete');
  await page.getByRole('button', { name: 'Undo' }).click();
  await row(page, 'Bytes back').waitFor();

  await page.getByRole('button', { name: 'New preset…' }).click();
  await page.getByRole('button', { name: 'Paste presets' }).click();
  await page.getByText('Before the first run it will be asked').waitFor();
  await row(page, 'Bytes back 2').waitFor();
  await app.drop([{ name: 'take.bin', bytes: new Uint8Array([1, 2, 3]) }]);
  await page.getByRole('article', { name: 'take.bin' }).waitFor();
  await on(page).run.click();
  await page.getByRole('dialog').getByText('127.0.0.1').first().waitFor();
  expect(server.requests).toHaveLength(0);
  expect(app.problems).toEqual([]);
});
