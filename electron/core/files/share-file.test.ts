import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { FileSlice, MemoryBytes, wholeFile } from './byte-source.ts';
import { shareFile } from './share-file.ts';

test('a whole file gets a second name, and neither copy costs the other', async () => {
  await using scratch = await scratchDirectory();
  const [from, to] = [join(scratch.path, 'answer'), join(scratch.path, 'speech.wav')];
  await writeFile(from, 'RIFF');
  expect(await shareFile(await wholeFile(from), to, 'keep')).toBe(true);
  expect((await stat(to)).ino).toBe((await stat(from)).ino);
});

test('a name that is taken is left as it is, unless it is to be replaced', async () => {
  await using scratch = await scratchDirectory();
  const [from, to] = [join(scratch.path, 'answer'), join(scratch.path, 'speech.wav')];
  await writeFile(from, 'new');
  await writeFile(to, 'old');
  const source = await wholeFile(from);
  await expect(shareFile(source, to, 'keep')).rejects.toMatchObject({ code: 'file_exists' });
  expect(await readFile(to, 'utf8')).toBe('old');
  expect(await shareFile(source, to, 'replace')).toBe(true);
  expect(await readFile(to, 'utf8')).toBe('new');
});

test('a part of a file and bytes in memory can’t be shared', async () => {
  await using scratch = await scratchDirectory();
  const [from, to] = [join(scratch.path, 'answer'), join(scratch.path, 'speech.wav')];
  await writeFile(from, 'RIFFdata');
  expect(await shareFile(new FileSlice(from, 0, 4), to, 'keep')).toBe(false);
  expect(await shareFile(new FileSlice(from, 4, 4), to, 'keep')).toBe(false);
  expect(await shareFile(new MemoryBytes(Buffer.from('x')), to, 'keep')).toBe(false);
  await expect(stat(to)).rejects.toThrow('ENOENT');
});
