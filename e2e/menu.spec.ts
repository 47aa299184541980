import { AxeBuilder } from '@axe-core/playwright';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { electronForSpecs, launchApp } from './app.ts';
import { on } from './page.ts';
import { launchRecorded, type Recorded } from './record.ts';

type Item = Electron.MenuItemConstructorOptions;

const all = (items: Item[]): Item[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? all(item.submenu) : [])]);

/** An item as the menu has it by now. */
async function itemNow(recorded: Recorded, id: string): Promise<Item | undefined> {
  const item = all((await recorded('menu')).at(-1)?.items ?? []).find((one) => one.id === id);
  const changes = (await recorded('menu-item')).filter((change) => change.id === id);
  const enabled = changes.at(-1)?.enabled ?? item?.enabled;
  return item && { ...item, ...(enabled === undefined ? {} : { enabled }) };
}

describe.skipIf(electronForSpecs() !== null)('the menu that a browser does not show', () => {
  test('follows what can be done: a run, an answer, a dialog, the names of presets, chosen keys', async () => {
    await using app = await launchRecorded();
    const { page, recorded } = app;
    const can = async (id: string): Promise<boolean | undefined> =>
      (await itemNow(recorded, id))?.enabled;
    await on(page).request('Echo').waitFor();
    await expect.poll(() => can('run')).toBe(true);
    expect(await can('cancel')).toBe(false);
    expect(await can('save')).toBe(false);
    expect(await itemNow(recorded, 'run')).toMatchObject({ accelerator: 'CmdOrCtrl+Enter' });

    await app.menu('run');
    await page.getByText('200 OK').waitFor();
    await expect.poll(() => can('save')).toBe(true);

    await on(page).request('New request').click();
    await on(page).address.fill('abc123');
    await app.menu('save-preset');
    await page.getByRole('dialog', { name: 'Save as preset' }).waitFor();
    await page.keyboard.type('Salt & pepper');
    expect(await can('run')).toBe(false);
    await page.keyboard.press('Enter');
    await expect
      .poll(() => itemNow(recorded, 'preset-1'))
      .toMatchObject({ label: 'Salt && pepper', accelerator: 'CmdOrCtrl+1', enabled: true });

    await app.menu('settings');
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    await dialog.getByRole('tab', { name: 'Shortcuts' }).click();
    await dialog.getByRole('button', { name: 'Change History' }).click();
    await page.keyboard.press('Alt+KeyH');
    await expect
      .poll(() => itemNow(recorded, 'history'))
      .toMatchObject({ accelerator: 'Alt+H', enabled: false });
    await page.keyboard.press('Escape');
    await expect.poll(() => can('history')).toBe(true);
    expect(app.problems).toEqual([]);
  });
});

test('all that the menu has is in the palette, Help’s too', async () => {
  await using app = await launchApp();
  const { page } = app;
  await on(page).request('Echo').waitFor();
  const palette = page.getByRole('dialog', { name: 'Commands' });
  for (const title of [
    ...['Run, or cancel the run', 'Open a file…', 'New preset…', 'History', 'Settings'],
    ...['Show or hide the sidebar', 'Fill in a request from the clipboard', 'Copy as curl'],
    ...['Keyboard shortcuts', 'Show the logs folder', 'Copy diagnostics', 'About Soundpost'],
  ]) {
    await page.keyboard.press('Control+KeyK');
    await palette.waitFor();
    await page.keyboard.type(title.slice(0, 18));
    await palette.getByRole('option', { name: title }).first().waitFor();
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'hidden' });
  }
  // A checkout names no page on the web.
  await page.keyboard.press('Control+KeyK');
  await page.keyboard.type('website');
  expect(await palette.getByText('Soundpost website').count()).toBe(0);
  expect(app.problems).toEqual([]);
});

test('About says what this is, from the menu, the palette and the settings', async () => {
  await using app = await launchApp();
  const { page } = app;
  await on(page).request('Echo').waitFor();
  const about = page.getByRole('dialog', { name: 'About Soundpost' });
  await app.menu('about');
  await about.getByText('Node.js').waitFor();
  if (app.on === 'web-host') await about.getByText('the web host').waitFor();
  else await about.getByText('Chromium').waitFor();
  await about.getByText('What it is made with').click();
  for (const name of ['valibot', 'svelte', 'mediabunny', 'keytar']) {
    await about
      .getByText(new RegExp(`^[^]*${name}`))
      .first()
      .waitFor();
  }
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual(
    [],
  );
  await about.getByRole('button', { name: 'Copy versions' }).click();
  await page.getByText('Copied.').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /^Soundpost\nVersion: \d+\.\d+\.\d+\n(?:.+\n)*Node\.js: \d+/,
  );
  await about.getByRole('button', { name: 'Close' }).last().click();

  await about.waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+KeyK');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
  await page.keyboard.type('about');
  await page.keyboard.press('Enter');
  await about.waitFor();
  await page.keyboard.press('Escape');
  await about.waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+Comma');
  await page.getByRole('button', { name: 'About…' }).click();
  await about.waitFor();
  expect(app.problems).toEqual([]);
});

test('diagnostics hold no key, however it came in, and nothing of whose computer it is', async () => {
  const key = 'abcd1234.pLaNtEdKeY0123456789';
  await using scratch = await scratchDirectory();
  const home = scratch.path;
  const config = join(home, '.config', 'soundpost');
  const logs = join(home, '.local', 'share', 'soundpost', 'logs');
  await mkdir(config, { recursive: true });
  await mkdir(logs, { recursive: true });
  await writeFile(
    join(config, 'settings.json'),
    JSON.stringify({
      ...{ version: 1, approvedOrigins: [`https://${key}.acme.example`], [key]: key },
      ...{ nameTemplate: `{input}-${key}`, shortcuts: { [key]: ['Mod+KeyR'] }, volume: key },
      ...{ proxy: { kind: 'fixed', url: `http://u:${key}@proxy.acme.example:3128` } },
    }),
  );
  await appendFile(
    join(logs, 'soundpost.log'),
    `2026-11-28T13:00:00.000Z Error: ${key} at https://tts.acme.example/predict?key=${key} ENOENT '${home}/Clients/Acme.wav'\n`,
  );
  await using app = await launchApp({ home, env: { BASETEN_API_KEY: key } });
  const { page } = app;
  await on(page).request('Echo').waitFor();
  await app.menu('diagnostics');
  await page.getByText('Copied. It holds no key').waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  for (const words of [
    ...['Soundpost ', 'Node.js ', 'Key in use: from BASETEN_API_KEY', 'Keychain: ', 'Presets: 0'],
    ...['Runs: 0', 'Proxy: fixed', 'hosts approved: 1', 'End of the log:', "ENOENT '[path]'"],
  ]) {
    expect(text).toContain(words);
  }
  for (const secret of [key, key.slice(-4), 'pLaNtEd', 'acme', 'Acme', home]) {
    expect(text).not.toContain(secret);
  }
  expect(app.problems).toEqual([]);
});
