import { describe, expect, test } from 'vitest';
import { readDtype } from '../codec/numpy-dtype.ts';
import { NumpyArray, NumpyScalar } from '../codec/numpy.ts';
import { Bytes, Dictionary, Float, type Value } from '../codec/value.ts';
import { MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import { arrayKind, soundOfArray } from './array-sound.ts';
import { wavOfArray } from './array-wav.ts';
import { findWavSound, readFrames } from './wav-read.ts';

/** An array whose items nobody looks at. */
function arrayOf(dtype: string, shape: number[]): NumpyArray {
  const items = shape.reduce((product, length) => product * length, 1);
  const bytes = items * Number(/\d+$/.exec(dtype)?.[0] ?? 1);
  return NumpyArray.of(dtype, shape, new MemoryBytes(new Uint8Array(bytes)));
}

const heard = async (dtype: string, shape: number[], rate?: Value): Promise<string | null> => {
  const sound = await soundOfArray(arrayOf(dtype, shape), rate);
  return sound && `${arrayKind(sound).label} ${sound.frames} ${sound.layout}`;
};

describe('which arrays are sound', () => {
  test.each([
    ['<f4', [24_000], 'float32 24 kHz mono 24000 frames'],
    ['<f4', [1, 24_000], 'float32 24 kHz mono 24000 frames'],
    ['<f4', [1, 1, 24_000], 'float32 24 kHz mono 24000 frames'],
    ['<f4', [24_000, 1], 'float32 24 kHz mono 24000 frames'],
    ['<f2', [24_000, 2], 'float16 24 kHz stereo 24000 frames'],
    ['<f8', [2, 24_000], 'float64 24 kHz stereo 24000 planes'],
    ['>i2', [1, 8, 24_000], 'int16 24 kHz 8 channels 24000 planes'],
  ])('%s %j', async (dtype, shape, words) => {
    expect(await heard(dtype, shape)).toBe(words);
  });

  test.each([
    ['an embedding', '<f4', [1, 4096]],
    ['a batch of embeddings', '<f4', [64, 768]],
    ['a picture', '|u1', [512, 512]],
    ['token ids', '<i4', [9000]],
    ['labels', '<i8', [24_000]],
    ['yes and no', '|b1', [24_000]],
    ['more channels than anybody has', '<f4', [9, 24_000]],
    ['three axes', '<f4', [2, 2, 24_000]],
    ['nothing', '<f4', [0]],
    ['one number', '<f4', []],
  ])('not %s', async (_, dtype, shape) => {
    expect(await heard(dtype, shape)).toBeNull();
  });

  test('a rate nearby speaks for shorter sounds and other integers, and is their rate', async () => {
    expect(await heard('|i1', [1600], 16_000)).toBe('int8 16 kHz mono 1600 frames');
    expect(await heard('<i4', [4410], new Float(44_100))).toBe('int32 44.1 kHz mono 4410 frames');
    expect(await heard('<f4', [1, 768], 16_000)).toBeNull();
    const long = new MemoryBytes(new Uint8Array(BigInt64Array.of(48_000n).buffer));
    const scalar = new NumpyScalar(new Dictionary([]), readDtype('<i8'), new Bytes(long));
    expect(await heard('<f4', [2, 4800], scalar)).toBe('float32 48 kHz stereo 4800 planes');
  });

  test('what is no rate is none', async () => {
    for (const rate of ['fast', 0, 0.5, -1, 1e9, true, null]) {
      expect(await heard('<f4', [24_000], rate)).toBe('float32 24 kHz mono 24000 frames');
    }
  });
});

describe('an array is heard as the WAV it would be', () => {
  const rate = 24_000;

  async function wav(
    dtype: string,
    shape: number[],
    bytes: Uint8Array,
  ): Promise<{ planes: number[][]; file: Buffer; pieces: ByteSource[] }> {
    const array = NumpyArray.of(dtype, shape, new MemoryBytes(bytes));
    const [channels = 0, frames = 0] = [...shape].sort((a, b) => a - b);
    const layout = shape[0] === channels ? 'planes' : 'frames';
    const { isLittleEndian } = array.dtype;
    const sound = {
      dtype,
      shape,
      isLittleEndian,
      channels,
      frames,
      layout,
      sampleRate: 1,
    } as const;
    const pieces = wavOfArray(array.data, sound, rate);
    const file = Buffer.concat(await Promise.all(pieces.map((piece) => piece.read(0, piece.size))));
    const source = new MemoryBytes(file);
    const found = await findWavSound(source);
    expect(found).toMatchObject({ channels, frames, sampleRate: rate });
    const planes = await readFrames(source, found, 0, found.frames);
    return { planes: planes.map((plane) => [...plane]), file, pieces };
  }

  const bytesOf = (array: { buffer: ArrayBuffer }): Uint8Array => new Uint8Array(array.buffer);
  const swapped = (bytes: Uint8Array, width: number): Uint8Array =>
    width === 2 ? Buffer.from(bytes).swap16() : Buffer.from(bytes).swap32();

  test('float32, side by side or one channel after the other', async () => {
    const sideBySide = await wav('<f4', [3, 2], bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6)));
    expect(sideBySide.planes).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
    const planes = await wav('<f4', [2, 3], bytesOf(Float32Array.of(1, 3, 5, 2, 4, 6)));
    expect(planes.file).toEqual(sideBySide.file);
  });

  test('float64 and float16, and big-endian ones', async () => {
    const values = [0.5, -0.25, 1];
    expect((await wav('<f8', [1, 3], bytesOf(Float64Array.from(values)))).planes).toEqual([values]);
    const halves = bytesOf(Uint16Array.of(0x3800, 0xb400, 0x3c00));
    expect((await wav('<f2', [1, 3], halves)).planes).toEqual([values]);
    expect((await wav('>f2', [1, 3], swapped(halves, 2))).planes).toEqual([values]);
    const floats = swapped(bytesOf(Float32Array.from(values)), 4);
    expect((await wav('>f4', [1, 3], floats)).planes).toEqual([values]);
  });

  test('the smallest and the largest float16 too', async () => {
    const halves = bytesOf(Uint16Array.of(0x0001, 0x03ff, 0x0400, 0x7bff, 0x8000));
    expect((await wav('<f2', [1, 5], halves)).planes).toEqual([
      [2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65_504, -0],
    ]);
  });

  test('integers keep their width', async () => {
    expect((await wav('|i1', [1, 3], bytesOf(Int8Array.of(-128, 0, 64)))).planes).toEqual([
      [-1, 0, 0.5],
    ]);
    expect((await wav('|u1', [1, 3], Uint8Array.of(0, 128, 192))).planes).toEqual([[-1, 0, 0.5]]);
    const big = swapped(bytesOf(Int16Array.of(-32_768, 0, 16_384)), 2);
    expect((await wav('>i2', [1, 3], big)).planes).toEqual([[-1, 0, 0.5]]);
    const wide = bytesOf(Int32Array.of(-(2 ** 31), 0, 2 ** 30));
    expect((await wav('<i4', [1, 3], wide)).planes).toEqual([[-1, 0, 0.5]]);
  });

  test('samples that are no number are silent, loud ones stay', async () => {
    const floats = bytesOf(Float32Array.of(NaN, Infinity, -Infinity, 1.5));
    expect((await wav('<f4', [1, 4], floats)).planes).toEqual([[0, 0, 0, 1.5]]);
  });

  test('any range of it is what the whole has there', async () => {
    const floats = bytesOf(Float32Array.from({ length: 300 }, (_, at) => at / 300));
    const { file, pieces } = await wav('<f4', [3, 100], floats);
    const samples = pieces[1];
    for (let from = 0; from < 40; from += 1) {
      for (const length of [1, 5, 12, 13, 5000]) {
        expect(Buffer.from((await samples?.read(from, length)) ?? [])).toEqual(
          file.subarray(44 + from, 44 + from + length),
        );
      }
    }
  });
});
