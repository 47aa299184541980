import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  answerMsgpack,
  echo,
  modelError,
  unauthorized,
} from '../electron/core/testing/model-answers.ts';
import {
  cutStream,
  dropBeforeHeaders,
  readSlowly,
  stallBeforeHeaders,
} from '../electron/core/testing/model-faults.ts';
import { refusingUrl, startModelServer } from '../electron/core/testing/model-server.ts';
import { launchApp } from './app.ts';
import { allowHost, composeFor, expectWords, on, watchLayout } from './page.ts';
import { listen } from './sound.ts';

const sample = await readFile(join(import.meta.dirname, '../resources/sample/Gettysburg.mp3'));

describe('a model of one’s own', () => {
  test('gets the dropped file as msgpack, and its answer comes apart into parts and a tree', async () => {
    await using server = await startModelServer();
    server.answer('/predict', answerMsgpack({ audio: sample, sample_rate: 44100, note: 'fine' }));
    await using app = await launchApp();
    const { page } = app;
    await composeFor(app, `${server.url}/predict`, sample);
    await page.keyboard.press('Control+Enter');
    await page.getByText('200 OK').waitFor();
    await page.getByRole('article', { name: 'audio' }).getByText('/ 0:13.8').waitFor();
    await page.getByRole('tab', { name: 'Tree' }).click();
    await expectWords(page, /sample_rate[\s\S]*44/);
    await page.getByRole('tab', { name: 'Output' }).click();
    const card = page.getByRole('article', { name: 'audio' });
    await card.getByRole('button', { name: /Play/ }).click();
    expect((await listen(page)).peak).toBeGreaterThan(0.05);
    await card.getByRole('slider').press('End');
    await expect.poll(() => card.getByTestId('time').innerText()).toMatch(/0:13\.\d \/ 0:13\.8/);
    const saved = await app.save(() => page.keyboard.press('Control+KeyS'));
    expect(saved.name).toMatch(/^take-127\.0\.0\.1-[\d-]{10}\.mp3$/);
    expect((await readFile(saved.path)).equals(sample)).toBe(true);
    const [seen] = server.requests;
    expect(seen?.headers['content-type']).toBe('application/octet-stream');
    expect(seen?.headers.authorization).toBeUndefined();
    const { body } = seen ?? {};
    expect(body?.subarray(0, 11).toString('latin1')).toBe('\x81\xa9byte_data');
    expect(body?.subarray(-sample.length).equals(sample)).toBe(true);
    expect(app.problems).toEqual([]);
  });

  test('the keys that run also do so from a button that opens a menu', async () => {
    await using server = await startModelServer();
    server.answer('/predict', echo());
    await using app = await launchApp();
    const { page } = app;
    await composeFor(app, `${server.url}/predict`, sample);
    await page.getByRole('button', { name: 'Copy as…' }).focus();
    await page.keyboard.press('Control+Enter');
    await page.getByText('200 OK').waitFor();
    expect(await page.getByRole('menu').count()).toBe(0);
    expect(server.requests).toHaveLength(1);
  });

  test('takes further fields, with the types that were chosen', async () => {
    await using server = await startModelServer();
    server.answer('/predict', echo());
    await using app = await launchApp();
    const { page } = app;
    await composeFor(app, `${server.url}/predict`, sample);
    await page.getByRole('button', { name: 'Add field' }).click();
    const field = page.getByTestId('field').last();
    await field.getByLabel('Field name').fill('speed');
    await field.getByLabel(/Type of/).selectOption('number');
    await field.getByLabel('speed', { exact: true }).fill('1.0');
    await page.getByRole('radiogroup', { name: 'Body' }).getByText('JSON').click();
    await page.keyboard.press('Control+Enter');
    await page.getByText('200 OK').waitFor();
    expect(server.requests[0]?.body?.toString()).toMatch(
      /^\{"byte_data":"[A-Za-z0-9+/=]+","speed":1\.0\}$/,
    );
  });
});

describe('an answer', () => {
  test('says of which run it is, and when the form asks something else by now; nothing moves', async () => {
    await using server = await startModelServer();
    server.answer('/predict', echo());
    await using app = await launchApp();
    const { page } = app;
    await composeFor(app, `${server.url}/predict`, sample);
    await page.getByRole('article', { name: 'take.mp3' }).getByText('/ 0:13.8').waitFor();
    const shifts = await watchLayout(page);
    const about = page.getByTestId('about');
    const run = async (): Promise<void> => {
      await page.keyboard.press('Control+Enter');
      await page.getByText('200 OK').waitFor();
      await page.getByRole('button', { name: 'Save as…' }).and(page.locator(':enabled')).waitFor();
    };
    await run();
    await expect
      .poll(() => about.innerText())
      .toMatch(/^\d\d:\d\d:\d\d\s+127\.0\.0\.1:\d+\/predict · take\.mp3$/);
    expect(await shifts()).toEqual([]);

    await app.drop([{ name: 'other.mp3', bytes: sample }]);
    await expect.poll(() => about.innerText()).toMatch(/take\.mp3\s+of an earlier request$/);
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await expect.poll(() => about.innerText()).toMatch(/take\.mp3$/);
    await on(page).address.fill(`${server.url}/other`);
    await expect.poll(() => about.innerText()).toMatch(/of an earlier request$/);

    await on(page).address.fill(`${server.url}/predict`);
    await app.drop([{ name: 'other.mp3', bytes: sample }]);
    await page.getByRole('article', { name: 'other.mp3' }).waitFor();
    await run();
    await expect.poll(() => about.innerText()).toMatch(/other\.mp3$/);

    await page.keyboard.press('Control+Shift+KeyH');
    await page.getByTestId('run-row').filter({ hasText: 'take.mp3' }).click();
    await expect.poll(() => about.innerText()).toMatch(/predict · take\.mp3$/);
    expect(app.problems).toEqual([]);
  });
});

test('a run that ends while another request is shown says so, and stays marked until it is looked at', async () => {
  await using server = await startModelServer();
  const { promise: allowed, resolve: allow } = Promise.withResolvers<undefined>();
  server.answer('/predict', async (exchange) => {
    await allowed;
    await echo()(exchange);
  });
  await using app = await launchApp();
  const { page } = app;
  await composeFor(app, `${server.url}/predict`, sample);
  await page.keyboard.press('Control+Enter');
  const row = on(page).request('New request');
  await row.getByText('running').waitFor({ state: 'attached' });
  await on(page).request('Echo').click();
  allow(undefined);
  await page.getByText(/“New request” is done in \d/).waitFor();
  await row.getByText('ended since you looked').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.getByText('200 OK').waitFor();
  await row.getByText('ended since you looked').waitFor({ state: 'detached' });
  expect(app.problems).toEqual([]);
});

describe('cancelling', () => {
  test('in the middle of the upload and of the answer ends it in words', async () => {
    await using server = await startModelServer();
    server.answer('/slow', readSlowly(200_000, echo()));
    server.answer('/cut', stallBeforeHeaders());
    await using app = await launchApp();
    const { page } = app;
    await composeFor(app, `${server.url}/slow`, new Uint8Array(20_000_000).fill(7), 'long.bin');
    await on(page).run.click();
    await expectWords(page, /Uploading \d+ %/);
    // A click right after Run would be the second half of a double click.
    await expectWords(page, /\n[1-9]\.\d s/);
    await on(page).run.click();
    await expectWords(page, /You cancelled the run/);

    await on(page).address.fill(`${server.url}/cut`);
    await on(page).run.click();
    await expectWords(page, /Waiting for the model/);
    await page.keyboard.press('Escape');
    await expectWords(page, /You cancelled the run/);
    await expect.poll(() => on(page).run.innerText()).toMatch(/Run/);

    await on(page).request('Speak').click();
    await on(page).run.click();
    await expectWords(page, /Receiving \d{2,} KB/);
    await page.keyboard.press('Escape');
    await expectWords(page, /What had come is kept/);
    await page.getByRole('article', { name: 'answer' }).waitFor();
    expect(app.problems).toEqual([]);
  });
});

describe('what goes wrong is said in words, with whose side it is on', () => {
  test('a refused key, an error in the model, nobody there, a lost and a cut connection', async () => {
    await using server = await startModelServer();
    server.answer('/401', unauthorized());
    server.answer('/500', modelError());
    server.answer('/drop', dropBeforeHeaders());
    server.answer('/short', cutStream(Buffer.from('RIFFabcd')));
    await using app = await launchApp();
    const { page } = app;
    await composeFor(app, `${server.url}/401`, sample);
    const nobody = await refusingUrl();
    await allowHost(app, nobody);
    const cases: [url: string, words: RegExp][] = [
      [`${server.url}/401`, /wants a key, and none was sent/],
      [`${server.url}/500`, /The model raised an error\. Its logs on Baseten say why/],
      [nobody, /refused the connection/],
      [`${server.url}/drop`, /was lost before an answer came/],
      [`${server.url}/short`, /before the answer was complete/],
      ['not a url', /neither a model id/],
    ];
    for (const [url, words] of cases) {
      await on(page).address.fill(url);
      await page.keyboard.press('Control+Enter');
      await expectWords(page, words);
    }
    expect(app.problems).toEqual([]);
  });
});

describe('the key', () => {
  const key = 'abcd1234.s3cretS3cret';

  test('from the environment goes to a host only after a yes, and is in no file, log or page', async () => {
    await using server = await startModelServer();
    server.answer('/predict', echo());
    await using app = await launchApp({ env: { BASETEN_API_KEY: key } });
    const { page } = app;
    await expectWords(page, /Key ••••cret from BASETEN_API_KEY/);
    await composeFor(app, `${server.url}/predict`, sample);

    await on(page).run.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await expectWords(page, /you have not allowed/);
    expect(server.requests).toEqual([]);

    await on(page).run.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send the key' }).click();
    await page.getByText('200 OK').waitFor();
    expect(server.requests[0]?.headers.authorization).toBe(`Api-Key ${key}`);

    // Remembered: it does not ask again.
    await on(page).run.click();
    await expect.poll(() => server.requests.length).toBe(2);
    await page.getByText('200 OK').waitFor();

    expect(app.log()).not.toContain(key);
    expect(await page.content()).not.toContain(key);
    const files = await readdir(app.home, { recursive: true, withFileTypes: true });
    const holders: string[] = [];
    for (const file of files.filter((entry) => entry.isFile())) {
      const path = join(file.parentPath, file.name);
      if ((await readFile(path, 'latin1')).includes(key)) holders.push(path);
    }
    expect(holders).toEqual([]);
  });
});
