import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileSlice } from '../files/byte-source.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { readMsgpack } from './msgpack-read.ts';
import { writeMsgpack } from './msgpack-write.ts';
import { NumpyArray } from './numpy.ts';
import { bytesOf } from './testing/bytes-of.ts';
import { Dictionary } from './value.ts';

test('an array of ours is written as msgpack-numpy writes it, its data a piece of its own', async () => {
  const data = {
    size: 8,
    read: () => Promise.resolve(new Uint8Array([0, 0, 128, 63, 0, 0, 0, 64])),
    isUnchanged: () => Promise.resolve(true),
  };
  const pieces = writeMsgpack(NumpyArray.of('<f4', [1, 2], data));
  expect(pieces.at(-1)).toBe(data);
  expect((await bytesOf(pieces)).toString('hex')).toBe(
    '85c4026e64c3c40474797065a33c6634c4046b696e64c400c405736861706592' +
      '0102c40464617461c4080000803f00000040',
  );
});

test('an array’s data stays in the file, cut to what its shape asks for', async () => {
  await using scratch = await scratchDirectory();
  const path = join(scratch.path, 'message');
  const bytes = Buffer.from(
    '85c4026e64c3c40474797065a37c7531c4046b696e64c400c40573686170659102c40464617461c403010203',
    'hex',
  );
  await writeFile(path, bytes);
  const value = await readMsgpack(new FileSlice(path, 0, bytes.length));
  expect(value).toBeInstanceOf(NumpyArray);
  const { data, dtype, shape } = value as NumpyArray;
  expect([dtype.kind, dtype.itemBytes, shape, data.size]).toEqual(['u', 1, [2], 2]);
  expect(await data.read(0, 10)).toEqual(new Uint8Array([1, 2]));
  expect((await bytesOf(writeMsgpack(value))).toString('hex')).toBe(bytes.toString('hex'));
});

test('a map that only says it is an array stays a map, and says what is wrong', async () => {
  await using scratch = await scratchDirectory();
  const path = join(scratch.path, 'message');
  const hex =
    '85c4026e64c3c40474797065a33c6634c4046b696e64c400c40573686170659102c40464617461c40400000000';
  await writeFile(path, Buffer.from(hex, 'hex'));
  const value = await readMsgpack(new FileSlice(path, 0, hex.length / 2));
  expect(value).toBeInstanceOf(Dictionary);
  expect((value as Dictionary).flaw).toMatch(/4 bytes.*ask for 8/);
});
