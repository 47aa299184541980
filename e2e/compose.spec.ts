import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerMsgpack } from '../electron/core/testing/model-answers.ts';
import { startModelServer } from '../electron/core/testing/model-server.ts';
import { launchApp } from './app.ts';
import { addStarter, composeFor, on } from './page.ts';

const sample = await readFile(join(import.meta.dirname, '../resources/sample/Gettysburg.mp3'));

test('a form carries the file with its name and type, and the fields as texts', async () => {
  await using server = await startModelServer();
  server.answer('/v1/audio/transcriptions', answerMsgpack({ text: 'Four score' }));
  await using app = await launchApp();
  const { page } = app;
  await composeFor(app, `${server.url}/v1/audio/transcriptions`, sample, 'my take.mp3');
  await page.getByRole('radiogroup', { name: 'Body' }).getByText('multipart').click();
  await page.getByRole('button', { name: 'Add field' }).click();
  const field = page.getByTestId('field').last();
  await field.getByLabel('Field name').fill('model');
  await field.getByLabel('model', { exact: true }).fill('whisper-1');
  await page.keyboard.press('Control+Enter');
  await page.getByText('200 OK').waitFor();
  const { body, headers } = await server.waitForRequest();
  const type = headers['content-type'] ?? '';
  expect(type).toMatch(/^multipart\/form-data; boundary=/);
  const form = await new Response(new Uint8Array(body ?? []), {
    headers: { 'content-type': type },
  }).formData();
  const file = form.get('byte_data') as File;
  expect(file).toMatchObject({ name: 'my take.mp3', type: 'audio/mpeg' });
  expect(Buffer.from(await file.arrayBuffer()).equals(sample)).toBe(true);
  expect(form.get('model')).toBe('whisper-1');
  expect(app.problems).toEqual([]);
});

test('fields within maps are named by what differs, below what they share, and can be renamed as a whole', async () => {
  await using app = await launchApp();
  const { page } = app;
  await addStarter(page, 'Baseten Whisper', 'abc123');
  const fields = page.getByTestId('field');
  const names = fields.getByLabel('Field name');
  await expect
    .poll(() => names.evaluateAll((all) => all.map((each) => (each as HTMLInputElement).value)))
    .toEqual([
      ...['audio_bytes', 'audio_language', 'prompt'],
      ...['show_word_timestamps', 'use_dynamic_preprocessing'],
    ]);
  const cut = await names.evaluateAll(
    (all) => all.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length,
  );
  expect(cut).toBe(0);
  expect(await fields.locator('.heading').allInnerTexts()).toEqual([
    'whisper_input › audio',
    'whisper_input › whisper_params',
  ]);
  await page.getByText('audio_bytes: Choose a file.').waitFor();
  await page
    .getByLabel('whisper_input[whisper_params][prompt]', { exact: true })
    .fill('Gettysburg');

  await names.nth(2).focus();
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type('whisper_input[hint]');
  await page.keyboard.press('Tab');
  expect(await names.nth(2).inputValue()).toBe('hint');
  await page.getByLabel('whisper_input[hint]', { exact: true }).waitFor();
  expect(app.problems).toEqual([]);
});

test('a text that is long, or grows so, has the width of the form', async () => {
  await using app = await launchApp();
  const { page } = app;
  await addStarter(page, 'XTTS v2', 'abc123');
  const widthOf = async (name: string): Promise<number> =>
    (await page.getByLabel(name, { exact: true }).boundingBox())?.width ?? 0;
  await page.getByLabel('speaker_voice', { exact: true }).waitFor();
  const whole = (await page.getByTestId('field').first().boundingBox())?.width ?? 0;
  expect(await widthOf('text')).toBeGreaterThan(whole * 0.9);
  expect(await widthOf('speaker_voice')).toBeLessThan(whole * 0.6);
  await page.getByLabel('speaker_voice', { exact: true }).fill('Four score and seven years ago');
  await expect.poll(() => widthOf('speaker_voice')).toBeGreaterThan(whole * 0.9);
});

test('a file that is dropped on a request without a place for it leaves that request where it is', async () => {
  await using app = await launchApp();
  const { page } = app;
  await on(page).request('Speak').click();
  await app.drop([{ name: 'take.bin', bytes: new Uint8Array([1, 2, 3]) }]);
  await page.getByText('“Speak” takes no file, so take.bin was not taken.').waitFor();
  await page.getByRole('main').getByText('Demo: Speak').waitFor();
  await page.getByRole('button', { name: 'Use it in New request' }).click();
  await page.getByRole('article', { name: 'take.bin' }).waitFor();
  expect(await on(page).address.inputValue()).toBe('');
  expect(app.problems).toEqual([]);
});

describe('before sending', () => {
  test('what is too large for Baseten is said beside Run, with a button that helps', async () => {
    await using app = await launchApp();
    const { page } = app;
    const { run } = on(page);
    const body = page.getByRole('radiogroup', { name: 'Body' });
    const note = page.getByTestId('preflight');
    await composeFor(app, 'abc123', new Uint8Array(80_000_000).fill(7), 'long.bin');
    await body.getByText('JSON').click();
    await note.getByText(/would be 106\.7 MB, and Baseten takes 100 MB/).waitFor();
    await run.click();
    const help = note.getByRole('button', { name: 'Send as msgpack' });
    expect(await help.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(await page.getByText('Failed').count()).toBe(0);
    await page.keyboard.press('Enter');
    await note.waitFor({ state: 'detached' });
    expect(await body.getByLabel('msgpack').isChecked()).toBe(true);
    expect(app.problems).toEqual([]);
  });

  test('names that exclude each other are told, and the note goes when they no longer do', async () => {
    await using app = await launchApp();
    const { page } = app;
    const note = page.getByTestId('preflight');
    await composeFor(app, 'abc123', sample);
    const name = page.getByTestId('field').getByLabel('Field name');
    await name.fill('audio[bytes');
    await note.getByText('brackets that don’t pair up').waitFor();
    await name.fill('audio[bytes]');
    await note.waitFor({ state: 'detached' });
  });
});
