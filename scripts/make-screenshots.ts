/**
 * Makes the pictures of the README again: the built window after a run of the demo, with presets for models of an account that
 * lives on this computer alone.
 *
 * Usage: npm run build && node scripts/make-screenshots.ts     (with a Chrome or Chromium)
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchApp } from '../e2e/app.ts';
import { startInstallation } from '../electron/core/testing/installation-server.ts';

const docs = join(import.meta.dirname, '../docs');
const key = 'abcd1234.screenshot';
const viewport = { width: 1320, height: 840 };

const presets = [
  { starter: 'Baseten Whisper', id: 'qwh5k2d1' },
  { starter: 'Kokoro', id: 'w7e3p9xa' },
  { starter: 'Orpheus', id: '3yd8m1zq' },
];

await using account = await startInstallation({
  key,
  workspace: 'Studio',
  models: presets.map(({ starter, id }, at) => ({
    ...{ id, name: starter },
    deployments: [
      { id: `${id}p`, status: at === 2 ? 'SCALED_TO_ZERO' : 'ACTIVE', is_production: true },
    ],
  })),
});

for (const colorScheme of ['light', 'dark'] as const) {
  await using app = await launchApp({
    ...{ colorScheme, viewport },
    env: {
      BASETEN_API_KEY: key,
      BASETEN_MANAGEMENT_API_URL_OVERRIDE: account.installation.management,
    },
  });
  const { page } = app;
  for (const preset of presets) await addPreset(page, preset);
  const requests = page.getByRole('navigation', { name: 'Requests' });
  await requests.getByRole('button', { name: 'Echo' }).click();
  await page.getByTestId('run').click();
  await page.getByRole('article', { name: 'byte_data' }).getByText('/ 0:13.8').waitFor();
  await requests.getByText('scaled to zero').first().waitFor({ state: 'attached' });
  // The outlines are drawn as they are decoded, and notices go by themselves.
  await page.waitForTimeout(9000);
  await page.screenshot({ path: join(docs, `result-${colorScheme}.png`) });
}

async function addPreset(page: Page, { starter, id }: (typeof presets)[number]): Promise<void> {
  await page.getByRole('button', { name: 'New preset…' }).click();
  await page.keyboard.type(starter);
  await page
    .getByRole('dialog')
    .getByRole('button', { name: new RegExp(`^${starter} `) })
    .last()
    .click();
  await page.keyboard.type(id);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}
