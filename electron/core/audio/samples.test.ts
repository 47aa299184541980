import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Travel } from '../../contract/intent.ts';
import type { NumpyArray } from '../codec/numpy.ts';
import { MemoryBytes, wholeFile, type ByteSource } from '../files/byte-source.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { samples16, samples32, wavFile } from '../testing/wav-file.ts';
import { samplesOf } from './samples.ts';

type As = Extract<Travel, { as: 'samples' }>;

const convert = (file: Uint8Array | ByteSource, as: Partial<As> = {}): Promise<NumpyArray> =>
  samplesOf(file instanceof Uint8Array ? new MemoryBytes(file) : file, {
    ...{ as: 'samples', dtype: 'float32', sampleRate: 16_000, shape: 'mono' },
    ...as,
  });

async function all({ data }: NumpyArray, step = 1000): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < data.size; at += step) {
    const piece = await data.read(at, step);
    expect(piece.length).toBe(Math.min(step, data.size - at));
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

const floats = (bytes: Uint8Array): number[] => [
  ...new Float32Array(Uint8Array.from(bytes).buffer),
];

const sine = (frequency: number, rate: number, frames: number): number[] =>
  Array.from({ length: frames }, (_, n) => 0.5 * Math.sin((2 * Math.PI * frequency * n) / rate));

test('a 48 kHz recording becomes 16 kHz float32, as long as it was and the same sound', async () => {
  const array = await convert(
    wavFile({ tag: 3, bits: 32, data: samples32(sine(440, 48_000, 100_000)) }),
  );
  expect(array.dtype.descr).toBe('<f4');
  expect(array.shape).toEqual([33_334]);
  const samples = floats(await all(array));
  const ideal = sine(440, 16_000, 33_334);
  for (let n = 500; n < 33_000; n += 1) expect(samples[n]).toBeCloseTo(ideal[n] ?? 1, 5);
});

test('16-bit sound at its own rate passes bit by bit, in every shape', async () => {
  const data = samples16(Array.from({ length: 60_000 }, (_, n) => ((n * 7919) % 65_536) - 32_768));
  const as = { dtype: 'int16', sampleRate: 48_000 } as const;
  expect(await all(await convert(wavFile({ data }), as))).toEqual(data);
  const stereo = await convert(wavFile({ data, channels: 2 }), { ...as, shape: 'frames-channels' });
  expect(stereo.shape).toEqual([30_000, 2]);
  expect(stereo.dtype.descr).toBe('<i2');
  expect(await all(stereo)).toEqual(data);
});

test('channels one after the other, or mixed to their mean', async () => {
  const file = wavFile({ tag: 3, bits: 32, channels: 2, data: samples32([1, 0.5, -1, 0.25]) });
  const planes = await convert(file, { sampleRate: 48_000, shape: 'channels-frames' });
  expect(planes.shape).toEqual([2, 2]);
  expect(floats(await all(planes))).toEqual([1, -1, 0.5, 0.25]);
  expect(floats(await all(await convert(file, { sampleRate: 48_000 })))).toEqual([0.75, -0.375]);
});

test('int16 is rounded and clipped, never wrapped', async () => {
  const data = samples32([1, -1, 2, -2, 0.6 / 32_768, -0.6 / 32_768, NaN]);
  const array = await convert(wavFile({ tag: 3, bits: 32, data }), {
    ...{ dtype: 'int16', sampleRate: 48_000 },
  });
  expect([...new Int16Array(Uint8Array.from(await all(array)).buffer)]).toEqual([
    32_767, -32_768, 32_767, -32_768, 1, -1, 0,
  ]);
});

test('any way of reading gives the same bytes: small steps, large ones, and back', async () => {
  const data = samples16(Array.from({ length: 80_000 }, (_, n) => (n * 31) % 20_000));
  const file = wavFile({ channels: 2, sampleRate: 44_100, data });
  const array = await convert(file, { shape: 'channels-frames' });
  const whole = await all(array, 1 << 20);
  expect(whole.length).toBe(array.data.size);
  expect(await all(array, 999)).toEqual(whole);
  expect(Buffer.from(await array.data.read(70_001, 500))).toEqual(whole.subarray(70_001, 70_501));
  expect(Buffer.from(await array.data.read(3, 500))).toEqual(whole.subarray(3, 503));
});

describe('a file on disk', () => {
  test('is converted as it is read: an hour of it costs the memory of a moment', async () => {
    await using scratch = await scratchDirectory();
    const path = join(scratch.path, 'hour.wav');
    await writeFile(path, wavFile({ sampleRate: 16_000, data: new Uint8Array(0), saidBytes: 0 }));
    await using file = await open(path, 'r+');
    await file.truncate(44 + 3600 * 16_000 * 2);
    const { shape, data } = await convert(await wholeFile(path), { dtype: 'int16' });
    expect(shape).toEqual([57_600_000]);
    const memory: number[] = [];
    for (let at = 0; at < data.size; at += 1 << 20) {
      expect((await data.read(at, 1 << 20)).length).toBe(Math.min(1 << 20, data.size - at));
      memory.push(process.memoryUsage().rss / 1e6);
    }
    // What the first half needed is enough for the rest.
    const most = (from: number, to: number): number => Math.max(...memory.slice(from, to));
    expect(most(55, Infinity) - most(0, 55)).toBeLessThan(30);
  }, 60_000);

  test('that changes meanwhile is noticed, and one that shrinks gives less', async () => {
    await using scratch = await scratchDirectory();
    const path = join(scratch.path, 'take.wav');
    await writeFile(path, wavFile({ data: new Uint8Array(400_000) }));
    const { data } = await convert(await wholeFile(path), { sampleRate: 48_000 });
    expect(await data.isUnchanged()).toBe(true);
    await writeFile(path, wavFile({ data: new Uint8Array(100) }));
    expect(await data.isUnchanged()).toBe(false);
    expect((await data.read(0, data.size)).length).toBeLessThan(data.size);
  });
});

test('another format is refused with what to do, and so is a WAV without sound', async () => {
  const sample = join(import.meta.dirname, '../../../resources/sample/Gettysburg.mp3');
  await expect(convert(await wholeFile(sample))).rejects.toMatchObject({
    code: 'needs_decoding',
    message: expect.stringMatching(/Convert the file to WAV/) as unknown,
  });
  await expect(convert(wavFile({ data: new Uint8Array(0) }))).rejects.toMatchObject({
    code: 'file_unreadable',
  });
});
