import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { echo } from '../../electron/core/testing/model-answers.ts';
import { startModelServer } from '../../electron/core/testing/model-server.ts';
import { scratchDirectory } from '../../electron/core/testing/scratch-directory.ts';
import { environment, launchApp } from '../app.ts';
import { composeFor, on } from '../page.ts';

const root = join(import.meta.dirname, '..', '..');

/** The environment that has a process write down whom it connects to, and what it wrote. */
function recording(folder: string) {
  const file = join(folder, 'connections.txt');
  const hook = pathToFileURL(join(import.meta.dirname, 'record-connections.ts')).href;
  return {
    env: { NODE_OPTIONS: `--no-warnings --import=${hook}`, SOUNDPOST_CONNECTIONS: file },
    hosts: async () => {
      const text = await readFile(file, 'utf8').catch(() => '');
      return [...new Set(text.split('\n').filter((line) => line !== ''))].sort();
    },
  };
}

test('a whole session in the window contacts the model’s host and nobody else, and its page nobody at all', async () => {
  await using scratch = await scratchDirectory();
  await using server = await startModelServer();
  server.answer('/predict', echo());
  const record = recording(scratch.path);
  const contacted: string[] = [];
  {
    await using app = await launchApp({ env: record.env });
    const { page } = app;
    page.context().on('request', (request) => contacted.push(new URL(request.url()).origin));
    await composeFor(app, `${server.url}/predict`, new Uint8Array([1, 2, 3]), 'take.bin');
    await on(page).run.click();
    await page.getByText('200 OK').waitFor();
    await page.getByTestId('save-preset').click();
    await page.keyboard.type('Bytes back');
    await page.keyboard.press('Enter');
    await on(page).request('Bytes back').first().waitFor();
    await page.keyboard.press('Control+Shift+KeyH');
    await page.getByRole('dialog', { name: 'History' }).getByTestId('run-row').first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Comma');
    const settings = page.getByRole('dialog', { name: 'Settings' });
    for (const section of await settings.getByRole('tab').all()) await section.click();
    await page.keyboard.press('Escape');
    const own = new URL(app.url).origin;
    const others = contacted.filter((origin) => origin !== own && /^(?:https?|wss?):/.test(origin));
    expect(others).toEqual([]);
    expect(app.problems).toEqual([]);
  }
  expect(await record.hosts()).toEqual([new URL(server.url).host]);
});

test('the command line contacts the model’s host and nobody else', async () => {
  await using scratch = await scratchDirectory();
  await using server = await startModelServer();
  server.answer('/predict', echo());
  const record = recording(scratch.path);
  const take = join(scratch.path, 'take.bin');
  await writeFile(take, 'sound');
  const cli = async (...args: string[]): Promise<void> => {
    await promisify(execFile)(process.execPath, [join(root, 'out', 'main', 'cli.js'), ...args], {
      env: environment(scratch.path, record.env),
      cwd: scratch.path,
    });
  };
  await cli('--help');
  await cli('history');
  await cli('presets');
  expect(await record.hosts()).toEqual([]);
  await cli('run', '--url', `${server.url}/predict`, take);
  expect(await record.hosts()).toEqual([new URL(server.url).host]);
});
