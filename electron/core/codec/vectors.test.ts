import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { MemoryBytes } from '../files/byte-source.ts';
import { MsgpackError } from './msgpack-error.ts';
import { readMsgpack } from './msgpack-read.ts';
import { writeMsgpack } from './msgpack-write.ts';
import { toOutput } from './output.ts';
import { bytesOf } from './testing/bytes-of.ts';
import type { Bytes } from './value.ts';

// Made by Truss's own serializer, with msgpack 1.0.3, msgpack-numpy 0.4.8 and numpy 1.24.2.
type Vector = { name: string; expr: string; hex?: string };
const vectors = await fixture<Vector[]>('truss-msgpack.json');
const decodeOnly = await fixture<{ name: string; hex: string }[]>('truss-msgpack-decode.json');

async function fixture<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(new URL(`vectors/${name}`, import.meta.url), 'utf8')) as T;
}

const read = (hex: string) => readMsgpack(new MemoryBytes(Buffer.from(hex, 'hex')));

async function shown(hex: string): Promise<unknown> {
  return (await toOutput(await read(hex), { partAt: () => undefined })).output;
}

async function rewritten(hex: string): Promise<string> {
  return (await bytesOf(writeMsgpack(await read(hex)))).toString('hex');
}

const bytes = (length: number) => ({ $type: 'bytes', length });
const tagged = ($type: string, value: unknown) => ({ $type, value });
const complex = (re: number, im: number) => ({ $type: 'complex', re, im });
const span = (days: number, seconds: number, microseconds: number) => {
  return { $type: 'timedelta', days, seconds, microseconds };
};
const array = (dtype: unknown, shape: number[], values: unknown[]) => {
  return { $type: 'ndarray', dtype, shape, values };
};
const scalar = (dtype: string, value: unknown) => ({ $type: 'scalar', dtype, value });

/** What each value is, when its Python expression is no JSON. */
const values: Record<string, unknown> = {
  nil: null,
  bool_true: true,
  bool_false: false,
  int_9223372036854775807: tagged('bigint', '9223372036854775807'),
  int_18446744073709551615: tagged('bigint', '18446744073709551615'),
  int_neg9223372036854775808: tagged('bigint', '-9223372036854775808'),
  float_nan: tagged('float', 'NaN'),
  float_inf: tagged('float', 'Infinity'),
  bytes_empty: bytes(0),
  bytes_3: bytes(3),
  bytes_256: bytes(256),
  bytearray_3: bytes(3),
  memoryview_3: bytes(3),
  list_mixed: [1, 'a', null, true, 2.5, bytes(1)],
  tuple: [1, 2, 3],
  map_nested: { a: { b: [1, { c: bytes(1) }] }, z: null, n: -5 },
  map_int_key: { $type: 'map', entries: [[1, 'a']] },
  map_bytes_key: { k: 1 },
  echo_seed: { byte_data: bytes(12) },
  datetime_utc: tagged('datetime', '2024-02-29T12:34:56.789012Z'),
  datetime_utc_nomicro: tagged('datetime', '2024-02-29T12:34:56Z'),
  datetime_offset: tagged('datetime', '2024-02-29T12:34:56.789012+05:30'),
  datetime_negoffset_sec: tagged('datetime', '2024-02-29T12:34:56-03:15:07'),
  datetime_naive: tagged('datetime', '2024-02-29T12:34:56'),
  datetime_naive_micro: tagged('datetime', '2024-02-29T12:34:56.000001'),
  date: tagged('date', '2024-02-29'),
  time: tagged('time', '01:02:03'),
  time_micro: tagged('time', '23:59:59.999999'),
  timedelta: span(1, 2, 3),
  timedelta_neg: span(-1, 86_399, 0),
  timedelta_zero: span(0, 0, 0),
  decimal: tagged('decimal', '1.10'),
  decimal_exp: tagged('decimal', '-1E+5'),
  decimal_nan: tagged('decimal', 'NaN'),
  uuid: tagged('uuid', '12345678-1234-5678-1234-567812345678'),
  complex_py: complex(1.5, -2),
  map_with_ext: {
    t: tagged('date', '2024-01-02'),
    id: tagged('uuid', '00000000-0000-0000-0000-000000000001'),
    d: [tagged('decimal', '0.5')],
  },
  nd_int64: array('<i8', [3], [1, 2, 3]),
  nd_f32_2d: array('<f4', [2, 3], [1, 2, 3, 4, 5, 6]),
  nd_f64: array('<f8', [2], [0.5, -1]),
  nd_f16: array('<f2', [3], [0.5, -1, 65_504]),
  nd_bool: array('|b1', [3], [true, false, true]),
  nd_i16_pcm: array('<i2', [5], [0, 1000, -1000, 32_767, -32_768]),
  nd_u8: array('|u1', [2], [0, 255]),
  nd_i8: array('|i1', [2], [-1, 2]),
  nd_u64: array('<u8', [1], [tagged('bigint', '18446744073709551615')]),
  nd_c64: array('<c8', [2], [complex(1, 2), complex(-0, -3.5)]),
  nd_c128: array('<c16', [1], [complex(1, 2)]),
  nd_empty_f32: array('<f4', [0], []),
  nd_empty_2d: array('<f4', [0, 3], []),
  nd_0d: array('<i4', [], [7]),
  nd_big_endian: array('>i4', [2], [1, 2]),
  nd_big_endian_f32: array('>f4', [2], [1, -2]),
  nd_fortran: array('<i4', [2, 3], [1, 2, 3, 4, 5, 6]),
  nd_noncontig: array('<i4', [5], [0, 2, 4, 6, 8]),
  nd_transposed: array('<i2', [2, 2], [1, 3, 2, 4]),
  nd_struct: array(
    [
      ['x', '<i4'],
      ['y', '<f4'],
      ['s', '|S3'],
    ],
    [2],
    [
      [1, 2.5, 'ab'],
      [3, -4.5, 'c'],
    ],
  ),
  nd_struct_sub: array(
    [
      ['p', '<f4', [2]],
      [
        'q',
        [
          ['a', '|u1'],
          ['b', '>u2'],
        ],
      ],
    ],
    [1],
    [
      [
        [0, 0],
        [0, 0],
      ],
    ],
  ),
  nd_struct_align: array(
    [
      ['a', '|u1'],
      ['', '|V3'],
      ['b', '<i4'],
    ],
    [1],
    [[0, bytes(3), 0]],
  ),
  nd_unicode: array('<U2', [2], ['ab', 'c']),
  nd_bytestr: array('|S2', [2], ['ab', 'c']),
  nd_void: array([['', '|V2']], [1], [[bytes(2)]]),
  nd_longdouble: array('<f16', [1], [1]),
  nd_object: { $type: 'opaque', what: 'numpy array of Python objects', length: 205 },
  np_float32: scalar('<f4', 1.5),
  np_float64: 1.5,
  np_float16: scalar('<f2', 1.5),
  np_int64: scalar('<i8', -7),
  np_int16: scalar('<i2', 300),
  np_uint8: scalar('|u1', 200),
  np_bool: scalar('|b1', true),
  np_complex64: scalar('<c8', complex(1, -2)),
  np_complex128: scalar('<c16', complex(1, -2)),
  np_str: 'hi',
  np_bytes: bytes(2),
  audio_result: {
    audio: array('<f4', [2, 2], [0, 0.5, -0.5, 1]),
    sample_rate: 24_000,
    format: 'f32',
  },
};

/** The value of an expression that is JSON but for its quotes. */
function valueOf({ name, expr }: Vector): unknown {
  return name in values ? values[name] : JSON.parse(expr.replaceAll("'", '"'));
}

describe('what Truss writes is shown as what it is, and written back byte for byte', () => {
  const encoded = vectors.flatMap(({ hex, ...rest }) =>
    hex === undefined ? [] : [{ hex, ...rest }],
  );

  test.each(encoded)('$name: $expr', async (vector) => {
    expect(await shown(vector.hex)).toEqual(valueOf(vector));
    expect(await rewritten(vector.hex)).toBe(vector.hex);
  });

  test('the vectors are all here', () => {
    expect([vectors.length, encoded.length, decodeOnly.length]).toEqual([111, 105, 25]);
  });

  test('bytes come back with every one of them', async () => {
    const hex = vectors.find(({ name }) => name === 'bytes_256')?.hex ?? '';
    const { source } = (await read(hex)) as Bytes;
    expect(await source.read(0, 256)).toEqual(
      Uint8Array.from(Array.from({ length: 256 }, (_, at) => at)),
    );
  });
});

describe('what others may write', () => {
  const isoKey = '__dt_datetime_iso__';
  const good: Record<string, unknown> = {
    float32: 1.5,
    ext_timestamp32: tagged('datetime', '2024-02-29T12:44:32+00:00'),
    ext_timestamp64: tagged('datetime', '2024-02-29T12:44:32.000000001+00:00'),
    ext_type5: { $type: 'opaque', what: 'msgpack extension 5', length: 4 },
    dt_offset_form: tagged('datetime', '2024-02-29T12:34:56+00:00'),
    dt_marker_false: tagged('datetime', '2024-02-29T12:34:56'),
    dt_missing_data: { [isoKey]: true },
    dt_str_keys: { [isoKey]: true, data: '2024-02-29T12:34:56' },
    nd_str_keys: { nd: true, type: '<f4', kind: bytes(0), shape: [1], data: bytes(4) },
    nd_no_kind: array('<f4', [2], [1, 2]),
    nd_key_order: array('|u1', [2], [1, 2]),
    nd_long_data: array('|u1', [2], [1, 2]),
    nd_missing_type: { nd: true, shape: [2], data: bytes(2) },
    nd_native_type: array('f4', [1], [1]),
    // Python gives up on these; they are told as they are instead.
    dt_bad: { [isoKey]: true, data: 'nope' },
    nd_short_data: { nd: true, type: '<f4', kind: bytes(0), shape: [2], data: bytes(4) },
    int_key: { $type: 'map', entries: [[1, 'a']] },
    nil_key: { $type: 'map', entries: [[null, 1]] },
    // Python keeps the last; nothing is lost here.
    dup_keys: {
      $type: 'map',
      entries: [
        ['a', 1],
        ['a', 2],
      ],
    },
  };
  const longer: Record<string, { value: unknown; hex: string }> = {
    nonminimal_int: { value: 1, hex: '01' },
    str32_nonminimal: { value: 'a', hex: 'a161' },
  };
  const refused: Record<string, RegExp> = {
    trailing: /follows/,
    empty: /too early/,
    c1: /0xc1/,
    bad_utf8: /UTF-8/,
  };
  const among = (table: object) => decodeOnly.filter(({ name }) => name in table);

  test('each vector has its place below', () => {
    const places = [good, longer, refused].flatMap((table) => Object.keys(table));
    expect(places.sort()).toEqual(decodeOnly.map(({ name }) => name).sort());
  });

  test.each(among(good))(
    '$name is shown as it is and written back byte for byte',
    async (vector) => {
      expect(await shown(vector.hex)).toEqual(good[vector.name]);
      expect(await rewritten(vector.hex)).toBe(vector.hex);
    },
  );

  test.each(among(longer))(
    '$name is read, and written back in its shortest form',
    async (vector) => {
      expect(await shown(vector.hex)).toEqual(longer[vector.name]?.value);
      expect(await rewritten(vector.hex)).toBe(longer[vector.name]?.hex);
    },
  );

  test.each(among(refused))('$name is refused as no msgpack', async ({ name, hex }) => {
    await expect(read(hex)).rejects.toThrow(refused[name]);
    await expect(read(hex)).rejects.toBeInstanceOf(MsgpackError);
  });

  test.each([
    ['dt_bad', 'marked as a datetime, but “nope” is none'],
    [
      'nd_short_data',
      'marked as a numpy value, but its data has 4 bytes, and its shape and dtype ask for 8',
    ],
  ])('%s says what is wrong with it', async (name, flaw) => {
    const hex = decodeOnly.find((vector) => vector.name === name)?.hex ?? '';
    const { flaws } = await toOutput([0, await read(hex)], { partAt: () => undefined });
    expect(flaws).toEqual([{ at: [1], flaw }]);
  });
});
