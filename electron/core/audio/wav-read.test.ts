import { describe, expect, test } from 'vitest';
import { MemoryBytes } from '../files/byte-source.ts';
import { samples16, samples32, wavFile } from '../testing/wav-file.ts';
import { findWavSound, readFrames } from './wav-read.ts';

async function read(file: Uint8Array): Promise<number[][]> {
  const source = new MemoryBytes(file);
  const sound = await findWavSound(source);
  const planes = await readFrames(source, sound, 0, sound.frames);
  return planes.map((plane) => [...plane]);
}

const sound16 = samples16([1, -2, 3, -4]);
const heard16 = [[1, -2, 3, -4].map((x) => x / 32_768)];

describe('every coding gives its samples between -1 and 1', () => {
  const double = Buffer.from(Float64Array.of(0.5, -2).buffer);
  test.each([
    ['8-bit, unsigned', { bits: 8, data: Buffer.from([0, 128, 255]) }, [-1, 0, 127 / 128]],
    ['16-bit', { data: samples16([-32_768, 0, 32_767]) }, [-1, 0, 32_767 / 32_768]],
    [
      '24-bit',
      { bits: 24, data: Buffer.from([0, 0, 0x80, 1, 0, 0, 255, 255, 0x7f]) },
      [-1, 1 / 8_388_608, 8_388_607 / 8_388_608],
    ],
    ['32-bit', { bits: 32, data: Buffer.from([0, 0, 0, 0x80, 0, 0, 0, 0x40]) }, [-1, 0.5]],
    ['32-bit float', { tag: 3, bits: 32, data: samples32([0.25, -1.5]) }, [0.25, -1.5]],
    ['64-bit float', { tag: 3, bits: 64, data: double }, [0.5, -2]],
    // The numbers are those of ITU-T G.711, as Python's audioop gives them.
    [
      'mu-law',
      { tag: 7, bits: 8, data: Buffer.from([0, 1, 127, 128, 255, 100, 200]) },
      [-32_124, -31_100, 0, 32_124, 0, -308, 1372].map((x) => x / 32_768),
    ],
    [
      'A-law',
      { tag: 6, bits: 8, data: Buffer.from([0, 1, 127, 128, 255, 100, 200]) },
      [-5504, -5248, -848, 5504, 848, -1120, 472].map((x) => x / 32_768),
    ],
  ])('%s', async (_, file, samples) => {
    expect(await read(wavFile(file))).toEqual([samples]);
    expect(await read(wavFile({ ...file, extensible: true }))).toEqual([samples]);
  });

  test('channels are told apart, from one to eight', async () => {
    for (let channels = 1; channels <= 8; channels += 1) {
      const data = samples16(Array.from({ length: 2 * channels }, (_, at) => at * 1024));
      expect(await read(wavFile({ channels, data }))).toEqual(
        Array.from({ length: channels }, (_, at) => [at / 32, (at + channels) / 32]),
      );
    }
  });
});

describe('what stands around the samples does not matter', () => {
  test('chunks before, between and after, of odd length too', async () => {
    const odd = Buffer.from('odd');
    const file = wavFile({
      before: [
        ['JUNK', Buffer.alloc(28)],
        ['LIST', odd],
      ],
      between: [['bext', Buffer.alloc(603)]],
      after: [['id3 ', odd]],
      data: sound16,
    });
    expect(await read(file)).toEqual(heard16);
  });

  test('sizes of zero, unknown or too large mean to the end of the file', async () => {
    for (const saidBytes of [0, 0xffff_ffff, 0x7fff_ffff, 100]) {
      expect(await read(wavFile({ data: sound16, saidBytes }))).toEqual(heard16);
    }
  });

  test('a file that was cut short gives its whole frames', async () => {
    const file = wavFile({ channels: 2, data: samples16([1, 2, 3, 4, 5, 6]) });
    expect(await read(file.subarray(0, -3))).toEqual(
      [
        [1, 3],
        [2, 4],
      ].map((plane) => plane.map((x) => x / 32_768)),
    );
  });

  test.each(['RF64', 'BW64'] as const)('%s has its size in 64 bits', async (riff) => {
    const ds64 = Buffer.alloc(28);
    ds64.writeBigUInt64LE(8n, 8);
    const file = wavFile({
      riff,
      before: [['ds64', ds64]],
      data: sound16,
      saidBytes: 0xffff_ffff,
      after: [['LIST', Buffer.alloc(40)]],
    });
    expect(await read(file)).toEqual(heard16);
  });
});

describe('what can’t be read is refused in words', () => {
  const codeOf = async (file: Uint8Array): Promise<unknown> =>
    read(file).catch((error: unknown): unknown => Reflect.get(Object(error), 'code'));

  test('another format, and compression inside a WAV, need decoding', async () => {
    expect(await codeOf(Buffer.from('ID3\x04 and an MP3 behind it'))).toBe('needs_decoding');
    expect(await codeOf(wavFile({ tag: 2, bits: 4, data: sound16 }))).toBe('needs_decoding');
  });

  test('a header without sound is a damaged file', async () => {
    const file = wavFile({ data: sound16 });
    expect(await codeOf(file.subarray(0, 30))).toBe('file_unreadable');
    expect(await codeOf(file.subarray(0, 36))).toBe('file_unreadable');
    expect(await codeOf(wavFile({ channels: 0, data: sound16 }))).toBe('file_unreadable');
  });

  test('every beginning of a file ends in samples or in words', async () => {
    const file = wavFile({ before: [['JUNK', Buffer.alloc(7)]], extensible: true, data: sound16 });
    for (let length = 0; length <= file.length; length += 1) {
      const outcome = await read(file.subarray(0, length)).catch((error: unknown) => error);
      const isTold = ['needs_decoding', 'file_unreadable'].includes(
        String(Reflect.get(Object(outcome), 'code')),
      );
      expect(Array.isArray(outcome) || isTold).toBe(true);
    }
  });
});
