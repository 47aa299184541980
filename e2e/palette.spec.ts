import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { launchApp } from './app.ts';
import { on } from './page.ts';

test('the palette finds actions, presets, known models and runs by a few letters, with the keyboard alone', async () => {
  await using app = await launchApp();
  const { page } = app;
  const palette = page.getByRole('dialog', { name: 'Commands' });
  const selected = palette.getByRole('option', { selected: true });
  await on(page).request('Transcribe').click();
  await on(page).run.click();
  await page.getByText('200 OK').waitFor();

  await page.keyboard.press('Control+KeyK');
  await palette.getByText('Runs', { exact: true }).waitFor();
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual(
    [],
  );
  await page.keyboard.type('newpre');
  await expect.poll(() => selected.innerText()).toContain('New preset…');
  await page.keyboard.press('Enter');
  const fresh = page.getByRole('dialog', { name: 'New preset' });
  await fresh.waitFor();
  await page.keyboard.press('Escape');
  await fresh.waitFor({ state: 'hidden' });

  await page.keyboard.press('Control+KeyK');
  await expect.poll(() => selected.innerText()).toContain('New preset…');
  await page.keyboard.type('d:echo');
  await expect.poll(() => selected.innerText()).toContain('Demo: Echo');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Demo: Echo' }).waitFor();

  await page.keyboard.press('Control+KeyK');
  await page.keyboard.type('continent');
  await palette.getByText('demo:transcribe').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Demo: Transcribe' }).waitFor();
  await page.getByText('200 OK').waitFor();

  await page.keyboard.press('Control+KeyK');
  const command = 'curl https://model-abc.api.baseten.co/production/predict -d \'{"n":1.0}\'';
  await page.evaluate((text) => navigator.clipboard.writeText(text), command);
  await page.keyboard.press('ControlOrMeta+KeyV');
  await palette.waitFor({ state: 'hidden' });
  await expect.poll(() => page.getByLabel('n', { exact: true }).inputValue()).toBe('1.0');
  expect(app.problems).toEqual([]);
});

test('presets are found, renamed and duplicated from the keyboard, the sidebar goes and comes, and all shortcuts are listed', async () => {
  await using app = await launchApp();
  const { page } = app;
  await on(page).request('New request').click();
  await on(page).address.fill('abc123');
  await page.keyboard.press('Control+Shift+KeyS');
  await page.keyboard.type('Say it');
  await page.keyboard.press('Enter');
  await on(page).request('Say it').first().waitFor();

  await on(page).request('Echo').click();
  await page.keyboard.press('Control+KeyP');
  await page.getByRole('dialog', { name: 'Presets' }).waitFor();
  await page.keyboard.type('sayit');
  await page.keyboard.press('Enter');
  await expect.poll(() => on(page).address.inputValue()).toBe('abc123');
  await page.keyboard.press('Control+KeyD');
  await on(page).request('Say it 2').first().waitFor();
  await page.keyboard.press('Control+KeyK');
  await page.keyboard.type('rename');
  await page.keyboard.press('Enter');
  await page.getByLabel('Name of the preset').waitFor();
  await page.keyboard.type('Sung');
  await page.keyboard.press('Enter');
  await on(page).request('Sung').first().waitFor();

  const sidebar = page.getByRole('navigation', { name: 'Requests' });
  await page.keyboard.press('Control+KeyB');
  await sidebar.waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+KeyB');
  await sidebar.waitFor();
  await page.keyboard.press('Control+Shift+Slash');
  const sheet = page.getByRole('dialog', { name: 'Shortcuts' });
  await sheet.getByText('Ctrl ⇧H').waitFor();
  await sheet.getByText('Fifteen seconds back, or on').waitFor();
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual(
    [],
  );
  expect(app.problems).toEqual([]);
});
