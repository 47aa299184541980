import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FileSlice } from '../files/byte-source.ts';
import { readMsgpack } from '../codec/msgpack-read.ts';
import { Bytes, Dictionary } from '../codec/value.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { SplitAnswer } from './split-answer.ts';

const large = Buffer.alloc(1024 * 1024 + 5, 'sound');
const message = Buffer.from(
  encode({ text: 'Four score', small: new Uint8Array([1, 2]), audio: large, rate: 24_000 }),
);

async function split(answer: Uint8Array, cuts: number[], directory: string): Promise<SplitAnswer> {
  const paths = { rest: join(directory, 'rest'), apart: join(directory, 'apart') };
  const file = await SplitAnswer.create(paths);
  const borders = [0, ...cuts.toSorted((a, b) => a - b), answer.length];
  for (const [index, end] of borders.slice(1).entries()) {
    await file.take(answer.subarray(borders[index], end));
  }
  await file.close();
  return file;
}

test('a large value gets a file of its own, and the answer reads as it came, wherever it was cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.nat(40), fc.nat(message.length)), { maxLength: 6 }),
      async (cuts) => {
        await using scratch = await scratchDirectory();
        const { bytes } = await split(message, cuts, scratch.path);
        expect(Buffer.from(await bytes.read(0, bytes.size)).equals(message)).toBe(true);
        expect((await readFile(join(scratch.path, 'apart'))).equals(large)).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});

test('the decoded value is that whole file, so it can be handed on without being copied', async () => {
  await using scratch = await scratchDirectory();
  const { bytes } = await split(message, [7], scratch.path);
  const value = await readMsgpack(bytes);
  const audio = value instanceof Dictionary ? value.get('audio') : undefined;
  const source = audio instanceof Bytes ? audio.source : undefined;
  expect(source).toBeInstanceOf(FileSlice);
  expect(source).toMatchObject({
    path: join(scratch.path, 'apart'),
    offset: 0,
    size: large.length,
  });
});

test('an answer that ends in the middle of the large value keeps all that came', async () => {
  await using scratch = await scratchDirectory();
  const part = message.subarray(0, 500_000);
  const { bytes } = await split(part, [100], scratch.path);
  expect(Buffer.from(await bytes.read(0, bytes.size)).equals(part)).toBe(true);
});

test('an answer without a large value, or that is no message, stays in one file', async () => {
  await using scratch = await scratchDirectory();
  for (const [index, answer] of [
    encode({ text: 'Four score' }),
    Buffer.from('RIFF'.repeat(100_000)),
    Buffer.from([0x81]),
    new Uint8Array(),
  ].entries()) {
    const directory = join(scratch.path, String(index));
    await mkdir(directory);
    const { bytes } = await split(answer, [], directory);
    expect(Buffer.from(await bytes.read(0, bytes.size)).equals(answer)).toBe(true);
    await expect(stat(join(directory, 'apart'))).rejects.toThrow('ENOENT');
  }
});
