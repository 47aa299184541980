import { AxeBuilder } from '@axe-core/playwright';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launchApp } from './app.ts';
import { expectWords, on, watchLayout } from './page.ts';
import { listen } from './sound.ts';

const sample = await readFile(join(import.meta.dirname, '../resources/sample/Gettysburg.mp3'));
const pictures = join(import.meta.dirname, '../out/screenshots');
await mkdir(pictures, { recursive: true });

describe('the first minute', () => {
  test('one key press answers, a second one is heard, and what is saved is what was sent', async () => {
    await using app = await launchApp();
    const { page } = app;
    await page.getByRole('article', { name: 'Gettysburg.mp3' }).getByText('/ 0:13.8').waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toMatch(/Run/);
    const shifts = await watchLayout(page);

    await page.keyboard.press('Enter');
    await page.getByText('200 OK').waitFor();
    await page.getByRole('article', { name: 'byte_data' }).getByText('/ 0:13.8').waitFor();
    expect(await shifts()).toEqual([]);

    await page.keyboard.press('Space');
    const heard = await listen(page);
    expect(heard.peak).toBeGreaterThan(0.05);
    expect(heard.to).toBeGreaterThan(heard.from);

    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => page.evaluate(() => document.querySelector('audio')?.currentTime))
      .toBeGreaterThan(5);
    await page.keyboard.press('Space');

    const saved = await app.save(() => page.keyboard.press('Control+KeyS'));
    expect(saved.name).toMatch(/^Gettysburg-demo-echo-\d{4}-\d\d-\d\d\.mp3$/);
    expect((await readFile(saved.path)).equals(sample)).toBe(true);
    expect(app.problems).toEqual([]);
  });

  test('Speak shows the stream as it grows, and can be heard when it has ended', async () => {
    await using app = await launchApp();
    const { page } = app;
    await on(page).request('Speak').click();
    await on(page).run.click();
    await expectWords(page, /Receiving \d+ KB/);
    await expect.poll(() => on(page).run.innerText()).toMatch(/Cancel/);
    await page.getByText('200 OK').waitFor({ timeout: 30_000 });
    const card = page.getByRole('article', { name: 'answer' });
    await card.getByText('/ 0:13.8').waitFor();
    await card.getByRole('button', { name: /Play/ }).click();
    expect((await listen(page)).peak).toBeGreaterThan(0.05);
    expect(app.problems).toEqual([]);
  });

  test('Transcribe answers the words of the recording with their times', async () => {
    await using app = await launchApp();
    const { page } = app;
    await on(page).request('Transcribe').click();
    await on(page).run.click();
    await expectWords(page, /Four score and seven years ago/);
    const saved = await app.save(() => page.keyboard.press('Control+KeyS'));
    expect(saved.name).toMatch(/^Gettysburg-demo-transcribe-[\d-]{10}\.json$/);
    expect(await readFile(saved.path, 'utf8')).toContain(
      '"text": "Four score and seven years ago"',
    );
    expect(app.problems).toEqual([]);
  });
});

describe('how it looks', () => {
  test.each([
    ['light', 1320, 840],
    ['dark', 1320, 840],
    ['light', 800, 900],
    ['dark', 480, 900],
  ] as const)(
    '%s at %i × %i: nothing serious for a screen reader, nothing beside the window',
    async (colorScheme, width, height) => {
      await using app = await launchApp({ colorScheme, viewport: { width, height } });
      const { page } = app;
      await page.getByRole('article', { name: 'Gettysburg.mp3' }).getByText('/ 0:13.8').waitFor();
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(pictures, `start-${colorScheme}-${width}.png`) });
      await page.keyboard.press('Enter');
      await page.getByText('200 OK').waitFor();
      await page.getByRole('article', { name: 'byte_data' }).getByText('/ 0:13.8').waitFor();
      // For the picture alone: the outline draws itself a moment later than the duration.
      await page.waitForTimeout(800);
      await page.screenshot({ path: join(pictures, `result-${colorScheme}-${width}.png`) });

      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(
        ({ impact }) => impact === 'serious' || impact === 'critical',
      );
      expect(
        serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      ).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      expect(app.problems).toEqual([]);
    },
  );
});
