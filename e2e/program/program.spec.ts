import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { launchApp } from '../app.ts';
import { expectWords, on } from '../page.ts';

/** The program of a package that was made with SOUNDPOST_TEST_BUILD=1. */
const program = process.env['SOUNDPOST_PROGRAM'];

if (!program) console.warn('SKIPPED: SOUNDPOST_PROGRAM names no packaged program to try.');

test.skipIf(!program)('the packaged program starts, runs the demo and ends', async () => {
  await using app = await launchApp({ program: resolve(program ?? '') });
  expect([app.on, app.url]).toEqual(['electron', 'app://soundpost/']);
  await on(app.page).run.click();
  await expectWords(app.page, /200/);
  await app.page.getByRole('button', { name: /^Play/ }).first().waitFor();
  expect(app.problems).toEqual([]);
});
