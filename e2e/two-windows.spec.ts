import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { echo } from '../electron/core/testing/model-answers.ts';
import { startModelServer } from '../electron/core/testing/model-server.ts';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { launchApp } from './app.ts';
import { composeFor } from './page.ts';

const row = (page: Page, name: string) =>
  page
    .getByRole('navigation', { name: 'Requests' })
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .first();

async function keepAs(page: Page, name: string): Promise<void> {
  await page.getByTestId('save-preset').click();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await row(page, name).waitFor();
}

test('two windows on one home: a run in flight stays the first one’s, and neither loses the other’s presets', async () => {
  await using server = await startModelServer();
  const { promise: asked, resolve: ask } = Promise.withResolvers<undefined>();
  const { promise: allowed, resolve: allow } = Promise.withResolvers<undefined>();
  server.answer('/predict', async (exchange) => {
    ask(undefined);
    await allowed;
    await echo()(exchange);
  });
  await using scratch = await scratchDirectory();
  const home = scratch.path;
  await using first = await launchApp({ home });
  await composeFor(first, `${server.url}/predict`, new Uint8Array([1, 2, 3]), 'take.bin');
  await first.page.keyboard.press('Control+Enter');
  await asked;

  await using second = await launchApp({ home });
  await composeFor(second, 'abc123', new Uint8Array([4]), 'other.bin');
  await keepAs(second.page, 'Of the second');
  await row(first.page, 'Of the second').waitFor();
  await second.page.keyboard.press('Control+Shift+KeyH');
  const history = second.page.getByRole('dialog', { name: 'History' });
  const run = history.getByTestId('run-row');
  await run.getByTitle('running').waitFor();
  await run.hover();
  await history.getByRole('button', { name: /^Notes on/ }).waitFor();
  expect(await history.getByRole('button', { name: /^Remove / }).count()).toBe(0);

  allow(undefined);
  await first.page.getByText('200 OK').waitFor();
  await run.getByTitle('done').waitFor();
  await keepAs(first.page, 'Of the first');
  await second.page.keyboard.press('Escape');
  for (const { page } of [first, second]) {
    await row(page, 'Of the first').waitFor();
    await row(page, 'Of the second').waitFor();
  }
  expect([...first.problems, ...second.problems]).toEqual([]);
});
