import { decode } from '@msgpack/msgpack';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FileSlice, MemoryBytes } from '../files/byte-source.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { MsgpackError } from './msgpack-error.ts';
import { readMsgpack } from './msgpack-read.ts';
import { writeMsgpack } from './msgpack-write.ts';
import { bytesOf } from './testing/bytes-of.ts';
import { Bytes, Dictionary, Extension, Float, type Value } from './value.ts';

async function read(bytes: Uint8Array): Promise<Value> {
  await using scratch = await scratchDirectory();
  const path = join(scratch.path, 'message');
  await writeFile(path, bytes);
  const value = await readMsgpack(new FileSlice(path, 0, bytes.length));
  // Bytes must be read while the file is there.
  return await materialize(value);
}

async function materialize(value: Value): Promise<Value> {
  if (value instanceof Bytes) {
    return new Bytes(new MemoryBytes(await value.source.read(0, value.source.size)));
  }
  if (value instanceof Extension) {
    return new Extension(value.code, new MemoryBytes(await value.data.read(0, value.data.size)));
  }
  if (Array.isArray(value)) return Promise.all(value.map(materialize));
  if (value instanceof Dictionary) {
    return new Dictionary(
      await Promise.all(
        value.entries.map(
          async ([key, item]) => [await materialize(key), await materialize(item)] as const,
        ),
      ),
    );
  }
  return value;
}

const write = (value: Value): Promise<Buffer> => bytesOf(writeMsgpack(value));

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('what Python writes comes back byte for byte', () => {
  // From Truss's own serializer (msgpack 1.0.3).
  const vectors: [name: string, hex: string][] = [
    ['nil', 'c0'],
    ['true', 'c3'],
    ['1.5', 'cb3ff8000000000000'],
    ['-0.0', 'cb8000000000000000'],
    ['text', 'af68c3a96c6c6f20e2988320f09f8eb5'],
    ['text of 32 bytes', `d920${'61'.repeat(32)}`],
    ['empty bytes', 'c400'],
    ['a list of everything', '9601a161c0c3cb4004000000000000c40178'],
    ['a nested map', '83a16181a162920181a163c40101a17ac0a16efb'],
    ['a map with a bytes key', '81c4016b01'],
    ['the request of the docs', '81a9627974655f64617461c40c524946462400000057415645'],
    ['a date', '82c40f5f5f64745f646174655f69736f5f5fc3c40464617461aa323032342d30322d3239'],
    ['a list of 16', 'dc0010000102030405060708090a0b0c0d0e0f'],
    ['-1 and 86399', '92ffce0001517f'],
    ['2^64-1', 'cfffffffffffffffff'],
    ['-2^63', 'd38000000000000000'],
    ['an extension', 'd60501020304'],
  ];
  test.each(vectors)('%s', async (_name, bytes) => {
    expect((await write(await read(hex(bytes)))).toString('hex')).toBe(bytes);
  });
});

describe('writing', () => {
  test('an independent decoder reads every integer width the same', async () => {
    const integers = [0, 127, 128, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];
    const values = [...integers, ...integers.map((integer) => -integer)];
    expect(decode(await write(values))).toEqual(values.map((value) => value + 0));
  });

  test('1.0 is sent as a float and 1 as an integer', async () => {
    expect((await write(new Float(1))).toString('hex')).toBe('cb3ff0000000000000');
    expect((await write(1)).toString('hex')).toBe('01');
  });

  test('a file of bytes is a piece of its own and never copied', () => {
    const file = new FileSlice('/nowhere', 0, 70_000);
    const pieces = writeMsgpack(new Dictionary([['byte_data', new Bytes(file)]]));
    expect(pieces[1]).toBe(file);
    expect(Buffer.from(pieces[0] as Uint8Array).toString('hex')).toBe(
      '81a9627974655f64617461c600011170',
    );
  });

  test('an integer that msgpack can’t hold is refused in words', () => {
    expect(() => writeMsgpack(2n ** 64n)).toThrow(/64 bits/);
  });
});

describe('reading', () => {
  test('every message cut short is refused, wherever the cut is', async () => {
    const whole = await write(
      new Dictionary([
        ['a', [1, new Float(2), 'three', new Bytes(new MemoryBytes(new Uint8Array(300)))]],
        ['b', new Extension(5, new MemoryBytes(new Uint8Array([1, 2, 3])))],
      ]),
    );
    for (let length = 0; length < whole.length; length += 1) {
      await expect(read(whole.subarray(0, length))).rejects.toBeInstanceOf(MsgpackError);
    }
  });

  test('something behind the value is refused, so raw sound is not taken for a message', async () => {
    await expect(read(hex('0101'))).rejects.toThrow(/follows/);
    await expect(read(Buffer.from('RIFF'))).rejects.toBeInstanceOf(MsgpackError);
  });

  test('lengths that lie about 4 GiB fail at once', async () => {
    for (const claim of ['dfffffffff', 'ddffffffff', 'c6ffffffff', 'dbffffffff']) {
      await expect(read(hex(claim))).rejects.toBeInstanceOf(MsgpackError);
    }
  });

  test('nesting has an end', async () => {
    await expect(read(Buffer.alloc(100_000, 0x91))).rejects.toThrow(/Nested/);
  });

  test('the forbidden byte and broken UTF-8 are refused', async () => {
    await expect(read(hex('c1'))).rejects.toBeInstanceOf(MsgpackError);
    await expect(read(hex('a1ff'))).rejects.toThrow(/UTF-8/);
  });
});
