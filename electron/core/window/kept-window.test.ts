import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { KeptWindow, type WindowState } from './kept-window.ts';

const at = (x: number, fills: WindowState['fills'] = 'nothing'): WindowState => ({
  bounds: { x, y: -20, width: 1000, height: 700 },
  fills,
});

test('a window is found again as it was left last, and the file is whole', async () => {
  await using scratch = await scratchDirectory();
  const path = join(scratch.path, 'data', 'window.json');
  const window = new KeptWindow(path, console.error);
  expect(await window.read()).toBeNull();
  for (let x = 0; x < 100; x += 1) window.keep(at(x));
  window.keep(at(-1500, 'work-area'));
  await window.close();
  await window.close();
  expect(await new KeptWindow(path, console.error).read()).toEqual(at(-1500, 'work-area'));
  expect(await readdir(join(scratch.path, 'data'))).toEqual(['window.json']);
});

test('what is kept is written without being asked to', async () => {
  await using scratch = await scratchDirectory();
  const path = join(scratch.path, 'window.json');
  const window = new KeptWindow(path, console.error);
  window.keep(at(7));
  await expect.poll(() => new KeptWindow(path, console.error).read()).toEqual(at(7));
});

test.each([
  ['no JSON', 'x'],
  ['a list', '[]'],
  ['of another version', JSON.stringify({ version: 2, ...at(1) })],
  ['without a size', JSON.stringify({ version: 1, ...at(1), bounds: { x: 1, y: 1 } })],
  ['with half a point', JSON.stringify({ version: 1, ...at(0.5) })],
  [
    'with a size of nothing',
    JSON.stringify({ version: 1, fills: 'nothing', bounds: { x: 0, y: 0, width: 0, height: 5 } }),
  ],
  ['beyond all screens', JSON.stringify({ version: 1, ...at(1e9) })],
])('a file that is %s counts as none', async (_name, text) => {
  await using scratch = await scratchDirectory();
  const path = join(scratch.path, 'window.json');
  await writeFile(path, text);
  expect(await new KeptWindow(path, console.error).read()).toBeNull();
});

test('a window that can’t be kept is told to the log alone', async () => {
  await using scratch = await scratchDirectory();
  const path = join(scratch.path, 'window.json');
  await mkdir(path);
  const logged: unknown[] = [];
  const window = new KeptWindow(path, (error) => logged.push(error));
  window.keep(at(1));
  await window.close();
  expect(logged).toMatchObject([{ code: 'disk_error' }]);
});
