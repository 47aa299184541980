import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { MemoryBytes } from '../files/byte-source.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { unpack } from './content-encoding.ts';

const sound = Buffer.alloc(3_000_000, 'sound');

test.each([
  ['gzip', gzipSync(sound)],
  ['X-GZIP', gzipSync(sound)],
  ['deflate', deflateSync(sound)],
  ['br', brotliCompressSync(sound)],
])('%s is undone', async (encoding, packed) => {
  await using scratch = await scratchDirectory();
  const unpacked = await unpack(new MemoryBytes(packed), encoding, join(scratch.path, 'plain'));
  expect(unpacked?.failure).toBeUndefined();
  const bytes = await unpacked?.bytes.read(0, sound.length + 1);
  expect(Buffer.from(bytes ?? []).equals(sound)).toBe(true);
});

test.each(['', 'identity', 'compress', 'gzip, gzip'])('“%s” is left alone', async (encoding) => {
  await using scratch = await scratchDirectory();
  expect(await unpack(new MemoryBytes(sound), encoding, join(scratch.path, 'plain'))).toBeNull();
});

test.each([
  ['gzip', gzipSync(sound)],
  ['br', brotliCompressSync(sound)],
])('%s without its end is told from a whole one', async (encoding, packed) => {
  await using scratch = await scratchDirectory();
  const cut = new MemoryBytes(packed.subarray(0, -5));
  const unpacked = await unpack(cut, encoding, join(scratch.path, 'plain'));
  expect(unpacked?.failure?.code).toBe('answer_incomplete');
});

test('a small answer that grows without end is stopped, and no more of it is written', async () => {
  await using scratch = await scratchDirectory();
  const path = join(scratch.path, 'plain');
  const bomb = new MemoryBytes(gzipSync(Buffer.alloc(20_000_000)));
  const unpacked = await unpack(bomb, 'gzip', path, 1_000_000);
  expect(unpacked?.failure).toMatchObject({ code: 'answer_undecodable' });
  expect(unpacked?.failure?.message).toMatch(/grows past/);
  expect((await stat(path)).size).toBeLessThanOrEqual(1_000_000);
});
