import { AxeBuilder } from '@axe-core/playwright';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { startUpdateFeed } from '../electron/core/testing/update-feed.ts';
import { launchApp, type App, type LaunchOptions } from './app.ts';
import { on } from './page.ts';

const root = join(import.meta.dirname, '..');
const notes =
  'Streams begin sooner.\n• Long answers take less memory.\n\n&lt;b&gt;Not bold&lt;/b&gt;';

/** The app as a folder of its own that names this place for updates. */
async function folderWithFeed(scratch: string, url: string): Promise<LaunchOptions> {
  const folder = join(scratch, 'app');
  await mkdir(folder);
  for (const name of ['out', 'package.json']) await symlink(join(root, name), join(folder, name));
  const feed = `provider: generic\nurl: ${url}\nupdaterCacheDirName: soundpost-updater\n`;
  await writeFile(join(folder, 'dev-app-update.yml'), feed);
  const old = join(scratch, 'Soundpost.AppImage');
  await writeFile(old, 'the program that runs');
  return { folder, home: join(scratch, 'home'), env: { APPIMAGE: old } };
}

async function openSettings({ page }: App): Promise<Locator> {
  await on(page).request('Echo').waitFor();
  await page.keyboard.press('Control+Comma');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('tab', { name: 'Updates & crashes' }).click();
  return dialog;
}

test('a build that names no place for updates says so and offers nothing to switch on', async () => {
  await using app = await launchApp();
  const dialog = await openSettings(app);
  await dialog.getByText(/knows no place for updates/).waitFor();
  expect(await dialog.getByLabel('Look for newer versions').count()).toBe(0);
  expect(app.problems).toEqual([]);
});

test('nothing is asked of a place for updates until the user asks', async () => {
  await using scratch = await scratchDirectory();
  await using feed = await startUpdateFeed({ version: '99.0.0' });
  await using app = await launchApp(await folderWithFeed(scratch.path, feed.url));
  const dialog = await openSettings(app);
  expect(await dialog.getByLabel('Look for newer versions').isChecked()).toBe(false);
  await app.page.keyboard.press('Escape');
  await on(app.page).run.click();
  await app.page.getByRole('button', { name: /^Play/ }).first().waitFor();
  expect(feed.heard).toEqual([]);
});

test.skipIf(process.platform !== 'linux')(
  'a newer version is told with its notes, downloaded when the user says so, and waits for a word to be installed',
  async () => {
    await using scratch = await scratchDirectory();
    await using feed = await startUpdateFeed({ version: '99.0.0', notes });
    const options = await folderWithFeed(scratch.path, feed.url);
    await using app = await launchApp(options);
    const { page } = app;
    const dialog = await openSettings(app);
    await dialog.getByRole('button', { name: 'Check now' }).click();
    await dialog.getByText('Version 99.0.0 is there').waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Version 99.0.0 is there' }).click();
    const offer = page.getByRole('dialog', { name: 'A newer Soundpost' });
    // As text: a release can put nothing into the page.
    expect(await offer.getByRole('region', { name: 'What is new' }).innerText()).toBe(
      notes.replaceAll('&lt;', '<').replaceAll('&gt;', '>'),
    );
    expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual(
      [],
    );
    expect(feed.paths().some((path) => path.endsWith('.AppImage'))).toBe(false);
    await offer.getByRole('button', { name: 'Download' }).click();
    await offer.getByText(/is downloaded\. Nothing is installed/).waitFor();
    const pending = join(options.home ?? '', '.cache', 'soundpost-updater', 'pending');
    expect(await readdir(pending)).toContain('Soundpost-99.0.0-AppImage.AppImage');
    await offer.getByRole('button', { name: 'Install when I quit' }).click();
    await offer.getByText(/is installed when you quit/).waitFor();
    expect(app.problems).toEqual([]);
  },
);

test.skipIf(process.platform !== 'linux')(
  'a skipped version is kept as skipped, and a failure is told in words',
  async () => {
    await using scratch = await scratchDirectory();
    await using feed = await startUpdateFeed({ version: '99.0.0' });
    await using app = await launchApp(await folderWithFeed(scratch.path, feed.url));
    const dialog = await openSettings(app);
    await dialog.getByRole('button', { name: 'Check now' }).click();
    await dialog.getByRole('button', { name: 'Skip this version' }).click();
    await dialog.getByText(/^This is version/).waitFor();
    const settings = join(app.home, '.config', 'soundpost', 'settings.json');
    expect(await readFile(settings, 'utf8')).toContain('"skippedUpdate": "99.0.0"');
    feed.offer({ version: '99.0.0', status: 503 });
    await dialog.getByRole('button', { name: 'Check now' }).click();
    await dialog.getByText(/refused to answer/).waitFor();
  },
);

test('crash dumps are off, and switching them off deletes those that are there', async () => {
  await using scratch = await scratchDirectory();
  const home = scratch.path;
  await mkdir(join(home, '.config', 'soundpost'), { recursive: true });
  const settings = join(home, '.config', 'soundpost', 'settings.json');
  await writeFile(settings, '{"version":1,"crashDumps":true}');
  const folder = join(home, '.local', 'share', 'soundpost', 'crashes', 'completed');
  await mkdir(folder, { recursive: true });
  for (const name of ['a', 'b']) await writeFile(join(folder, `${name}.dmp`), 'x'.repeat(1500));
  {
    await using app = await launchApp({ home });
    const dialog = await openSettings(app);
    await dialog.getByText('2 kept now, 3 KB.').waitFor();
    await dialog.getByLabel('Keep a dump when Soundpost crashes').uncheck();
    await dialog.getByText('None are kept now.').waitFor();
    expect(await readdir(folder)).toEqual([]);
    expect(
      (await new AxeBuilder({ page: app.page }).include('[role=dialog]').analyze()).violations,
    ).toEqual([]);
  }
  // One that came after, as the reporter runs until the end.
  await writeFile(join(folder, 'c.dmp'), 'x');
  await using app = await launchApp({ home });
  const dialog = await openSettings(app);
  await dialog.getByText('None are kept now.').waitFor();
  expect(await dialog.getByLabel('Keep a dump when Soundpost crashes').isChecked()).toBe(false);
  await expect.poll(() => readdir(folder)).toEqual([]);
});
