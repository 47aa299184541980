import { decode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileSlice, MemoryBytes } from '../files/byte-source.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { MsgpackError } from './msgpack-error.ts';
import { readMsgpack } from './msgpack-read.ts';
import { writeMsgpack } from './msgpack-write.ts';
import { NumpyArray } from './numpy.ts';
import { toOutput } from './output.ts';
import { bytesOf } from './testing/bytes-of.ts';
import { ourKey } from './truss-keys.ts';
import { Complex } from './truss-number.ts';
import { TrussText } from './truss-text.ts';
import { Bytes, Dictionary, Extension, Float, type Value } from './value.ts';

const write = (value: Value): Promise<Buffer> => bytesOf(writeMsgpack(value));
const outputOf = (value: Value) => toOutput(value, { partAt: () => undefined });
const inMemory = (bytes: Uint8Array) => new Bytes(new MemoryBytes(bytes));

const text = fc.string({ unit: 'binary', maxLength: 40 });
const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(-129, -128, -33, -32, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32),
  fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n })
    .map((big) => (Number.isSafeInteger(Number(big)) ? Number(big) : big)),
);
const float = fc.oneof(
  fc.double().map((value) => new Float(value)),
  fc.float().map((value) => new Float(value, 32)),
);
const marked = (marker: Parameters<typeof ourKey>[0], data: Value) =>
  new Dictionary([
    [ourKey('data'), data],
    [ourKey(marker), true],
  ]);
const number = fc.double({ noDefaultInfinity: true, noNaN: true });
const truss = fc.oneof(
  fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => TrussText.datetime(date)),
  fc.uuid().map((uuid) => TrussText.read('uuid', uuid, marked('__uuid__', uuid))),
  number.map(String).map((it) => TrussText.read('decimal', it, marked('__decimal__', it))),
  fc.tuple(number, number).map(([re, im]) => {
    const repr = `(${re}${im < 0 || Object.is(im, -0) ? '' : '+'}${Object.is(im, -0) ? '-0' : im}j)`;
    return new Complex(repr, marked('complex', repr));
  }),
  fc
    .tuple(
      fc.constantFrom('|b1', '|i1', '<u2', '>i4', '<u8', '<f2', '>f4', '<f8', '<f16', '<c8', '|S8'),
      fc.array(fc.nat(4), { maxLength: 3 }),
      fc.uint8Array({ minLength: 1024, maxLength: 1024 }),
    )
    .map(([dtype, shape, data]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const width = Number(/\d+$/.exec(dtype)?.[0]);
      return NumpyArray.of(dtype, shape, new MemoryBytes(data.subarray(0, size * width)));
    }),
);
const { value: anyValue } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.constantFrom(null, true, false), integer, float, text, truss),
    fc.uint8Array({ maxLength: 40 }).map(inMemory),
    fc
      .tuple(fc.integer({ min: 0, max: 127 }), fc.uint8Array({ maxLength: 40 }))
      .map(([code, data]) => new Extension(code, new MemoryBytes(data))),
    fc.array(tie('value'), { maxLength: 20 }),
    fc
      .array(fc.tuple(fc.oneof(text, integer), tie('value')), { maxLength: 20 })
      .map((entries) => new Dictionary(entries)),
  ),
}));

test('any value is read as it was written, and is written the same again', async () => {
  await fc.assert(
    fc.asyncProperty(anyValue, async (value) => {
      const bytes = await write(value);
      const back = await readMsgpack(new MemoryBytes(bytes));
      expect(await outputOf(back)).toEqual(await outputOf(value));
      expect((await write(back)).equals(bytes)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a window of any size reads the same, from memory and from a file', async () => {
  await using scratch = await scratchDirectory();
  const path = join(scratch.path, 'message');
  await fc.assert(
    fc.asyncProperty(anyValue, fc.integer({ min: 1, max: 80 }), async (value, windowBytes) => {
      const bytes = await write(value);
      await writeFile(path, bytes);
      for (const source of [new MemoryBytes(bytes), new FileSlice(path, 0, bytes.length)]) {
        const back = await readMsgpack(source, windowBytes);
        expect(await outputOf(back)).toEqual(await outputOf(value));
        expect((await write(back)).equals(bytes)).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

test('an independent decoder reads every plain value that we write', async () => {
  const plain = fc.letrec<{ value: [Value, unknown] }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<[Value, unknown]>([null, null], [true, true], [false, false]),
      fc.maxSafeInteger().map((it): [Value, unknown] => [it, it]),
      fc.double().map((it): [Value, unknown] => [new Float(it), it]),
      text.map((it): [Value, unknown] => [it, it]),
      fc.uint8Array().map((it): [Value, unknown] => [inMemory(it), it]),
      fc
        .array(tie('value'), { maxLength: 20 })
        .map((list): [Value, unknown] => [list.map(([ours]) => ours), list.map(([, it]) => it)]),
      fc
        .uniqueArray(fc.tuple(text, tie('value')), {
          maxLength: 20,
          // The decoder itself refuses this key.
          selector: ([key]) => (key === '__proto__' ? '' : key),
        })
        .filter((entries) => entries.every(([key]) => key !== '__proto__'))
        .map((entries): [Value, unknown] => [
          new Dictionary(entries.map(([key, [ours]]) => [key, ours])),
          Object.fromEntries(entries.map(([key, [, it]]) => [key, it])),
        ]),
    ),
  })).value;
  await fc.assert(
    fc.asyncProperty(plain, async ([ours, theirs]) => {
      expect(decode(new Uint8Array(await write(ours)))).toEqual(theirs);
    }),
    { numRuns: 500 },
  );
});

test('every prefix and every flipped byte of a real message ends in a value or a MsgpackError', async () => {
  const vectors = await readFile(new URL('vectors/truss-msgpack.json', import.meta.url), 'utf8');
  const messages = (JSON.parse(vectors) as { hex?: string }[]).flatMap(({ hex }) =>
    hex === undefined || hex.length > 600 ? [] : [Buffer.from(hex, 'hex')],
  );
  for (const message of messages) {
    for (let at = 0; at < message.length; at += 1) {
      await endsWell(message.subarray(0, at));
      for (const flip of [0x01, 0x10, 0x80, 0xff]) {
        const damaged = Buffer.from(message);
        damaged[at] = (message[at] ?? 0) ^ flip;
        await endsWell(damaged);
      }
    }
    // What came before left nothing behind.
    expect((await write(await readMsgpack(new MemoryBytes(message)))).equals(message)).toBe(true);
  }
}, 60_000);

test('any bytes at all end in a value or a MsgpackError', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), endsWell), { numRuns: 2000 });
});

async function endsWell(bytes: Uint8Array): Promise<void> {
  try {
    const value = await readMsgpack(new MemoryBytes(bytes), 16);
    JSON.stringify(await outputOf(value));
    await write(value);
  } catch (error) {
    expect(error).toBeInstanceOf(MsgpackError);
  }
}

test.each([
  ['20 MB of lists in lists', Buffer.alloc(20_000_000, 0x91)],
  ['20 MB of maps in maps', Buffer.alloc(20_000_000, 0x81)],
  [
    '20 MB of empty lists',
    Buffer.concat([Buffer.from('dd01312d00', 'hex'), Buffer.alloc(20_000_000, 0x90)]),
  ],
  ['a list that claims 4 G items', Buffer.from('ddffffffff01', 'hex')],
  ['a map that claims 4 G entries', Buffer.from('dfffffffff0101', 'hex')],
  [
    'a list that claims what the file could hold',
    Buffer.concat([Buffer.from('dd01312d00', 'hex'), Buffer.alloc(20_000_000, 0xc1)]),
  ],
])('%s are refused for little memory', async (_what, bytes) => {
  const before = process.memoryUsage().heapUsed;
  await expect(readMsgpack(new MemoryBytes(bytes))).rejects.toBeInstanceOf(MsgpackError);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(150e6);
});
