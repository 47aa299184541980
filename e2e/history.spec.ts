import { expect, test } from 'vitest';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { launchApp } from './app.ts';
import { on } from './page.ts';
import { listen } from './sound.ts';

test('a run is there tomorrow: found by a word, heard, asked again, removed and brought back', async () => {
  await using scratch = await scratchDirectory();
  const home = scratch.path;
  {
    await using app = await launchApp({ home });
    const { page } = app;
    for (const name of ['Transcribe', 'Echo']) {
      await on(page).request(name).click();
      await on(page).run.click();
      await page.getByText('200 OK').waitFor();
    }
    expect(app.problems).toEqual([]);
  }
  await using app = await launchApp({ home });
  const { page } = app;
  await on(page).request('Echo').waitFor();
  await page.keyboard.press('Control+Shift+KeyH');
  const dialog = page.getByRole('dialog', { name: 'History' });
  await dialog.getByText('2 runs').waitFor();
  await page.keyboard.type('forefathers');
  await dialog.getByText('No run is like that.').waitFor();
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type('continent');
  await dialog.getByText('1 run', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Star Demo: Transcribe' }).click();
  await dialog.getByRole('button', { name: 'Star Demo: Transcribe', pressed: true }).waitFor();
  await dialog.getByRole('button', { name: 'Remove Demo: Transcribe' }).click();
  await dialog.getByText('The run was removed.').waitFor();
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await dialog.getByText('1 run', { exact: true }).waitFor();

  await dialog.getByRole('searchbox').fill('');
  await dialog
    .getByRole('button', { name: /Demo: Echo/ })
    .first()
    .click();
  await page.getByText('200 OK').waitFor();
  const answer = page.getByRole('article', { name: 'byte_data' });
  await answer.getByText('/ 0:13.8').waitFor();
  await answer.getByRole('button', { name: 'Play byte_data' }).click();
  expect((await listen(page)).peak).toBeGreaterThan(0.05);

  await page.getByRole('button', { name: 'Run again' }).click();
  await page.keyboard.press('Control+Shift+KeyH');
  await dialog.getByText('3 runs').waitFor();
  expect(app.problems).toEqual([]);
});
