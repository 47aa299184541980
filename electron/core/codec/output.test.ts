import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { OutputValue } from '../../contract/run.ts';
import { MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import { Sha256 } from '../files/sha256.ts';
import { readMsgpack } from './msgpack-read.ts';
import { writeMsgpack } from './msgpack-write.ts';
import { NumpyArray } from './numpy.ts';
import { outputWarnings } from './output-warnings.ts';
import { toOutput, type Output } from './output.ts';
import { bytesOf } from './testing/bytes-of.ts';
import { Bytes, Dictionary, Float, type Value } from './value.ts';

const none = { partAt: () => undefined };
const output = (value: Value, options = {}): Promise<Output> =>
  toOutput(value, { ...none, ...options });
const shown = async (value: Value): Promise<OutputValue> => (await output(value)).output;

async function readBack(value: Value): Promise<Value> {
  return readMsgpack(new MemoryBytes(await bytesOf(writeMsgpack(value))));
}

const zeros = (size: number): ByteSource => ({
  size,
  read: (offset, length) =>
    Promise.resolve(new Uint8Array(Math.max(0, Math.min(length, size - offset)))),
  isUnchanged: () => Promise.resolve(true),
});

test('a hostile key is a key like any other', async () => {
  expect(await shown(await readBack(new Dictionary([['__proto__', 1]])))).toEqual({
    $type: 'map',
    entries: [['__proto__', 1]],
  });
});

test('what JSON can’t say is said with $type', async () => {
  expect(
    await shown([new Float(-Infinity), 2n ** 60n, new Bytes(new MemoryBytes(new Uint8Array(3)))]),
  ).toEqual([
    { $type: 'float', value: '-Infinity' },
    { $type: 'bigint', value: '1152921504606846976' },
    { $type: 'bytes', length: 3 },
  ]);
});

test('a map that is no object keeps all its entries', async () => {
  const maps: [string | number, Value][][] = [
    [
      ['a', 1],
      ['a', 2],
    ],
    [['$type', 'x']],
    [[1, 'x']],
  ];
  for (const entries of maps) {
    expect(await shown(new Dictionary(entries))).toEqual({ $type: 'map', entries });
  }
});

test('a key that is bytes shows as text when it is UTF-8, and else makes the map one of entries', async () => {
  const key = (...bytes: number[]) => new Bytes(new MemoryBytes(new Uint8Array(bytes)));
  expect(await shown(await readBack(new Dictionary([[key(0xc3, 0xa9), 1]])))).toEqual({ é: 1 });
  expect(await shown(await readBack(new Dictionary([[key(0xff), 1]])))).toEqual({
    $type: 'map',
    entries: [[{ $type: 'bytes', length: 1 }, 1]],
  });
});

test('bytes tell their SHA-256 when it is asked for, wherever they are', async () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { output: value } = await output(
    [new Dictionary([['a', new Bytes(new MemoryBytes(bytes))]])],
    {
      hashes: new Sha256(),
    },
  );
  expect(value).toEqual([{ a: { $type: 'bytes', length: 3, sha256 } }]);
});

test('of a long array the first thousand are told', async () => {
  const array = NumpyArray.of('<i2', [3, 1000], zeros(6000));
  const value = await shown(array);
  expect(value).toMatchObject({ shape: [3, 1000], truncated: true });
  expect(value).toHaveProperty('values', Array(1000).fill(0));
  expect(await shown(NumpyArray.of('<i2', [1000], zeros(2000)))).not.toHaveProperty('truncated');
});

test.each([
  ['<U268435456', [4], 2 ** 32],
  ['|V1073741824', [1], 2 ** 30],
  ['|V0', [2 ** 40], 0],
  ['|S0', [2 ** 20, 2 ** 20], 0],
])('an array of %s items of any claim costs little', async (dtype, shape, size) => {
  const text = JSON.stringify(await shown(NumpyArray.of(dtype, shape, zeros(size))));
  expect(text.length).toBeLessThan(100_000);
  expect(text).toContain('"truncated":true');
});

test('a structured dtype whose one item claims a billion empty values is not unfolded', async () => {
  const dtype = [['a', '|S0', [1_000_000_000]]];
  const map = new Dictionary(
    Object.entries({ nd: true, type: dtype, shape: [1], data: new Bytes(zeros(0)) }).map(
      ([key, value]) => [new Bytes(new MemoryBytes(Buffer.from(key))), value],
    ),
  );
  expect(await shown(await readBack(map))).toEqual({
    ...{ $type: 'ndarray', dtype, shape: [1], values: [], truncated: true },
  });
});

test.each<[string, Value]>([
  ['a list', Array<Value>(3000).fill('word')],
  ['a text', 'é"'.repeat(5000)],
  ['a map', new Dictionary(Array.from({ length: 3000 }, (_, at) => [`k${at}`, at]))],
  ['a map of entries', new Dictionary(Array.from({ length: 3000 }, (_, at) => [at, 'x']))],
  ['lists in lists', Array<Value>(300).fill(Array<Value>(300).fill(1))],
  ['arrays', Array<Value>(100).fill(NumpyArray.of('<f4', [100], zeros(400)))],
  ['a long key', new Dictionary([['k'.repeat(20_000), 1]])],
])('%s above the limit is cut, and says so', async (_what, value) => {
  const cut = await output(value, { largest: 8000 });
  expect(cut.outputTruncated).toBe(true);
  expect(outputWarnings(cut)[0]).toMatch(/too large to be shown whole/);
  const size = Buffer.byteLength(JSON.stringify(cut.output));
  expect(size).toBeGreaterThan(0);
  expect(size).toBeLessThan(8200);
  expect((await output(value)).outputTruncated).toBeUndefined();
});

test('what is marked wrongly is told with its place', () => {
  const flaws = [{ at: ['a', 0, 'b'], flaw: 'marked as a date, but “x” is none' }];
  expect(outputWarnings({ output: null, flaws })).toEqual([
    '“a[0].b” in the answer is marked as a date, but “x” is none. It is shown as the map that came.',
  ]);
});
