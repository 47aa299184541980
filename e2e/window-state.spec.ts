import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { launchApp } from './app.ts';

test('a window that was left on a screen that is gone opens on one that is there, and is kept so', async () => {
  await using scratch = await scratchDirectory();
  const home = scratch.path;
  const data = join(home, '.local/share/soundpost');
  const file = join(data, 'window.json');
  await mkdir(data, { recursive: true });
  const bounds = { x: -5000, y: -300, width: 900, height: 700 };
  await writeFile(file, JSON.stringify({ version: 1, bounds, fills: 'work-area' }));
  const app = await launchApp({ home });
  expect(app.problems).toEqual([]);
  await app.stop();
  const kept = JSON.parse(await readFile(file, 'utf8')) as { bounds: typeof bounds };
  expect(kept.bounds).toMatchObject({ width: 900, height: 700 });
  expect(kept.bounds.x).toBeGreaterThanOrEqual(0);
  expect(kept.bounds.y).toBeGreaterThanOrEqual(0);

  // A display without a window manager maximises nothing.
  if (app.on === 'web-host') expect(kept).toMatchObject({ fills: 'work-area' });

  // What was kept is where it opens the next time.
  const again = await launchApp({ home });
  await again.stop();
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ bounds: kept.bounds });
});

test('a file that says nothing of a window keeps none from opening', async () => {
  await using scratch = await scratchDirectory();
  const data = join(scratch.path, '.local/share/soundpost');
  await mkdir(data, { recursive: true });
  await writeFile(join(data, 'window.json'), '{"version":1,"bounds":{"x":1e99}}');
  await using app = await launchApp({ home: scratch.path });
  await app.page.getByRole('heading', { name: 'Demo: Echo' }).waitFor();
});
