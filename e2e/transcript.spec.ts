import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { launchApp } from './app.ts';
import { on } from './page.ts';

test('a transcript is copied, saved as text and subtitles, and heard from the line that is meant', async () => {
  await using app = await launchApp();
  const { page } = app;
  await on(page).request('Transcribe').click();
  await on(page).run.click();
  const transcript = page.getByTestId('transcript');
  await transcript.getByText('brought forth').first().waitFor();

  await transcript.getByRole('button', { name: 'Copy text' }).click();
  await page.getByText('Text copied').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^Four score and seven years ago\n/);

  const srt = await app.save(() =>
    transcript.getByRole('button', { name: 'Save as .srt…' }).click(),
  );
  expect(srt.name).toMatch(/^Gettysburg-demo-transcribe-.*\.srt$/);
  expect(await readFile(srt.path, 'utf8')).toMatch(
    /^1\n00:00:00,\d{3} --> 00:00:0\d,\d{3}\nFour score and seven years ago\n\n2\n/,
  );
  const txt = await app.save(() =>
    transcript.getByRole('button', { name: 'Save as .txt…' }).click(),
  );
  expect(await readFile(txt.path, 'utf8')).toBe(copied);

  const heard = transcript.locator('li[aria-current=true]');
  const second = transcript.locator('li').nth(1);
  await second.getByText(/\w/).last().click();
  await expect.poll(() => heard.innerText()).toBe(await second.innerText());
  const at = (): Promise<number | undefined> =>
    page.evaluate(() => document.querySelector('audio')?.currentTime);
  expect(await at()).toBeGreaterThan(1);

  // The arrows go from line to line, and Enter plays.
  const third = transcript.locator('li').nth(2);
  await second.getByRole('button').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => heard.innerText()).toBe(await third.innerText());
  expect(app.problems).toEqual([]);
});
