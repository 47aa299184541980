import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { echo } from '../electron/core/testing/model-answers.ts';
import { startModelServer } from '../electron/core/testing/model-server.ts';
import { startProxy } from '../electron/core/testing/proxy-server.ts';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { launchApp, type App } from './app.ts';
import { composeFor, on } from './page.ts';

const fileOf = (home: string): string => join(home, '.config', 'soundpost', 'settings.json');
const kept = async (home: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(fileOf(home), 'utf8')) as Record<string, unknown>;

async function openSettings({ page }: App, section: string): Promise<Locator> {
  await on(page).request('Echo').waitFor();
  await page.keyboard.press('Control+Comma');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('tab', { name: section }).click();
  return dialog;
}

const paper = (page: Page): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

async function withSettings(home: string, text: string): Promise<void> {
  await mkdir(join(home, '.config', 'soundpost'), { recursive: true });
  await writeFile(fileOf(home), text);
}

test('appearance, volume and the panes’ widths hold at once, and tomorrow', async () => {
  await using scratch = await scratchDirectory();
  const home = scratch.path;
  let dark: string;
  {
    await using app = await launchApp({ home });
    const { page } = app;
    const light = await paper(page);
    const dialog = await openSettings(app, 'General');
    await dialog.getByText('Dark', { exact: true }).click();
    await expect.poll(() => paper(page)).not.toBe(light);
    dark = await paper(page);
    expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual(
      [],
    );
    await page.keyboard.press('Escape');

    await page.getByRole('slider', { name: 'Volume' }).focus();
    await page.keyboard.press('End');
    await page.getByRole('separator', { name: 'Width of the list of requests' }).focus();
    await page.keyboard.press('End');
    await expect
      .poll(() => kept(home))
      .toMatchObject({
        ...{ appearance: 'dark', volume: 1, panes: { sidebar: 420 } },
      });
    expect(app.problems).toEqual([]);
  }
  await using app = await launchApp({ home });
  const { page } = app;
  await on(page).request('Echo').waitFor();
  expect(await paper(page)).toBe(dark);
  expect(await page.getByRole('slider', { name: 'Volume' }).inputValue()).toBe('1');
  const list = await page.getByRole('navigation', { name: 'Requests' }).boundingBox();
  expect(list?.width).toBe(420);
});

test('two windows on the same settings see one another’s changes and lose none', async () => {
  await using scratch = await scratchDirectory();
  const home = scratch.path;
  await using one = await launchApp({ home });
  await using other = await launchApp({ home });
  const first = await openSettings(one, 'General');
  const second = await openSettings(other, 'Time limits');
  await first.getByText('Light', { exact: true }).click();
  await second.getByLabel('Connect').fill('7');
  await other.page.keyboard.press('Tab');
  await expect
    .poll(() => kept(home))
    .toMatchObject({
      ...{ appearance: 'light', limits: { connect: 7 } },
    });
  await first.getByRole('tab', { name: 'Time limits' }).click();
  await expect.poll(() => first.getByLabel('Connect').inputValue()).toBe('7');
  expect([...one.problems, ...other.problems]).toEqual([]);
});

test('a damaged settings file is set aside and said', async () => {
  await using scratch = await scratchDirectory();
  await withSettings(scratch.path, '{"version": 1, "appea');
  await using app = await launchApp({ home: scratch.path });
  const dialog = await openSettings(app, 'General');
  await dialog.getByText(/damaged.*It was set aside as settings\.json\.damaged-/).waitFor();
});

test('a proxy is asked from the next run on, and one with a password is refused in words', async () => {
  await using proxy = await startProxy();
  await using server = await startModelServer();
  server.answer('/predict', ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"by proxy"}');
  });
  await using app = await launchApp();
  const { page } = app;
  const dialog = await openSettings(app, 'Network');
  await dialog.getByText('This one', { exact: true }).click();
  const address = dialog.getByLabel('Address of the proxy');
  await address.fill('http://ann:secret@127.0.0.1:1');
  await page.keyboard.press('Tab');
  await dialog.getByText(/not kept in the settings/).waitFor();
  await address.fill(`127.0.0.1:${proxy.port}`);
  await page.keyboard.press('Tab');
  await page.getByText(`Send everything through 127.0.0.1:${proxy.port}?`).waitFor();
  await page.getByRole('button', { name: 'Use the proxy' }).click();
  await expect
    .poll(() => kept(app.home))
    .toMatchObject({
      proxy: { url: `http://127.0.0.1:${proxy.port}` },
    });
  expect(await readFile(fileOf(app.home), 'utf8')).not.toContain('secret');
  await page.keyboard.press('Escape');

  const port = new URL(server.url).port;
  await composeFor(app, `http://model.example:${port}/predict`, new Uint8Array([1]), 'a.bin');
  await on(page).run.click();
  await page.getByText('by proxy').first().waitFor();
  expect(proxy.asked.map(({ target }) => target)).toEqual([`http://model.example:${port}/predict`]);
  expect(app.problems).toEqual([]);
});

test('keys are chosen anew, conflicts are shown, and both go back', async () => {
  await using app = await launchApp();
  const { page } = app;
  const dialog = await openSettings(app, 'Shortcuts');
  await dialog.getByRole('button', { name: 'Change History' }).click();
  await page.keyboard.press('Control+KeyO');
  await dialog.getByText('Ctrl O does “Open a file…” instead.').waitFor();
  await dialog.getByRole('button', { name: 'Change History' }).click();
  await page.keyboard.press('Escape');
  await dialog.getByText('Ctrl O does “Open a file…” instead.').waitFor();
  await dialog.getByRole('button', { name: 'Change History' }).click();
  await page.keyboard.press('Alt+KeyH');
  await dialog.getByText('Alt H').waitFor();
  expect(await dialog.getByText(/instead\./).count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+KeyH');
  await page.keyboard.press('Alt+KeyH');
  await page.getByRole('dialog', { name: 'History' }).waitFor();
  await page.keyboard.press('Escape');

  await openSettings(app, 'Shortcuts');
  await dialog.getByRole('button', { name: 'Reset all' }).click();
  await expect.poll(() => kept(app.home)).not.toHaveProperty('shortcuts');
  expect(app.problems).toEqual([]);
});

test('a preset saves its answers by its own name, and says so where it can’t', async () => {
  await using server = await startModelServer();
  server.answer('/predict', echo());
  await using app = await launchApp();
  const { page } = app;
  await composeFor(app, `${server.url}/predict`, new Uint8Array([1, 2, 3]), 'My take.bin');
  await page.getByText('Save answers to').click();
  await page.getByText(/^My take-127\.0\.0\.1-[\d-]{10}\.wav$/).waitFor();
  const name = page.getByLabel('Name of saved answers');
  await name.fill('../{input}');
  await page.getByText(/can’t be a name below a folder/).waitFor();
  await name.fill('voices/{preset}/{input}');
  await page.getByText('voices/My take.wav').waitFor();
  await page.getByTestId('save-preset').click();
  await page.keyboard.type('Bytes back');
  await page.keyboard.press('Enter');
  await page.getByText('voices/Bytes back/My take.wav').waitFor();

  await on(page).run.click();
  await page.getByText('Saved as voices/Bytes back/My take.bin').waitFor();
  const folder = join(app.home, 'Music', 'Soundpost');
  const saved = join(folder, 'voices', 'Bytes back', 'My take.bin');
  expect([...(await readFile(saved))]).toEqual([1, 2, 3]);

  // A file stands where the folder would be.
  await rm(folder, { recursive: true });
  await writeFile(folder, '');
  await on(page).run.click();
  await page.getByText(/can’t be saved in ~\/Music\/Soundpost.*A file is in its place/).waitFor();
  await page.getByText('200 OK').waitFor();
  expect(app.problems).toEqual([]);
});

test('whoever quits in the middle of a run finds it as cancelled, with what had come', async () => {
  await using scratch = await scratchDirectory();
  await using server = await startModelServer();
  server.answer('/predict', ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('so far');
  });
  {
    await using app = await launchApp({ home: scratch.path });
    await composeFor(app, `${server.url}/predict`, new Uint8Array([1]), 'a.bin');
    await on(app.page).run.click();
    await app.page.getByText('so far').first().waitFor();
  }
  await using app = await launchApp({ home: scratch.path });
  const { page } = app;
  await on(page).request('Echo').waitFor();
  await page.keyboard.press('Control+Shift+KeyH');
  const history = page.getByRole('dialog', { name: 'History' });
  await history.getByText('1 run', { exact: true }).waitFor();
  expect(await history.getByTestId('run-row').innerText()).toMatch(/cancelled/);
});
