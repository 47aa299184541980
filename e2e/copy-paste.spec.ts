import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { launchApp } from './app.ts';
import { composeFor, expectWords, on } from './page.ts';

const key = 'abcd1234.s3cretS3cretS3cret';

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.keyboard.press('ControlOrMeta+KeyV');
}

const clipboard = (page: Page): Promise<string> =>
  page.evaluate(() => navigator.clipboard.readText());

test('a request is copied as a program that names its file, and a run that was too; the page sees neither path nor key', async () => {
  await using app = await launchApp({ env: { BASETEN_API_KEY: key } });
  const { page } = app;
  await composeFor(app, 'abc123', new Uint8Array([1, 2, 3]), 'take.bin');
  const pane = page.getByRole('main');
  for (const [as, expected] of [
    ['Python', /Path\(".*take\.bin"\)\.read_bytes\(\)[\s\S]*os\.environ\["BASETEN_API_KEY"\]/],
    ['curl', /cat '.*take\.bin'[\s\S]*\$BASETEN_API_KEY/],
    ['command line', /soundpost run [\s\S]*--model abc123[\s\S]*byte_data@.*take\.bin/],
  ] as const) {
    await pane.getByRole('button', { name: 'Copy as…' }).click();
    await page.getByRole('menuitem', { name: `Copy as ${as}` }).click();
    await expect.poll(() => clipboard(page)).toMatch(expected);
  }
  await page.getByText('The key stands in it as $BASETEN_API_KEY.').first().waitFor();
  expect(await page.content()).not.toContain('/take.bin');

  await on(page).request('Echo').click();
  await on(page).run.click();
  await page.getByText('200 OK').waitFor();
  const result = page.getByRole('region', { name: 'Result' });
  await result.getByRole('button', { name: 'Copy as…' }).click();
  await page.getByRole('menuitem', { name: 'Copy as command line' }).click();
  await result.getByText('Copied as a command line.').waitFor();
  expect(await clipboard(page)).toMatch(
    /soundpost run \\\n {2}--demo echo \\\n {2}.*Gettysburg|input-1/,
  );
  expect(app.problems).toEqual([]);
});

test('a pasted curl command fills the form, asks for its file, can be undone, and its key goes nowhere', async () => {
  await using app = await launchApp();
  const { page } = app;
  await on(page).request('Echo').click();
  await on(page).request('Echo').focus();
  await paste(
    page,
    `curl -X POST https://model-abc123.api.baseten.co/environments/staging/sync/v1/audio/transcriptions \\
  -H 'Authorization: Bearer ${key}' -H 'Cookie: session=topcookie' -F model=whisper-1 -F temperature=0.5 -F file=@/home/me/talk.mp3`,
  );
  await page.getByText('It sends talk.mp3: drop that file here.').waitFor();
  await expectWords(page, /An API key ending in cret was in it/);
  await page
    .getByRole('button', { name: /Keep it in the keychain|Use it for this session/ })
    .waitFor();
  await expect.poll(() => on(page).address.inputValue()).toBe('abc123');
  expect(await page.getByLabel('Environment name').inputValue()).toBe('staging');
  await page
    .getByText('POST https://model-abc123.api.baseten.co/environments/staging/sync/v1')
    .waitFor();
  expect(await page.getByLabel('model', { exact: true }).inputValue()).toBe('whisper-1');
  expect(await page.content()).not.toMatch(/s3cret|topcookie/);
  await app.drop([{ name: 'talk.mp3', bytes: new Uint8Array([0xff, 0xfb, 0x90, 0]) }]);
  await page.getByRole('article', { name: 'talk.mp3' }).waitFor();

  await on(page).address.focus();
  await paste(
    page,
    `curl 'https://my.host/v1' -H 'content-type: application/json' -d '{"text":"it is","speed":1.0}'`,
  );
  await expect.poll(() => on(page).address.inputValue()).toBe('https://my.host/v1');
  expect(await page.getByLabel('speed', { exact: true }).inputValue()).toBe('1.0');

  await expectWords(page, /What was in “New request” and not saved made room for what was pasted/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => on(page).address.inputValue()).toBe('abc123');
  expect(await page.getByLabel('model', { exact: true }).inputValue()).toBe('whisper-1');
  await page.getByRole('article', { name: 'talk.mp3' }).waitFor();
  expect(app.problems).toEqual([]);
});
