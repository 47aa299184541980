import { expect, test } from 'vitest';
import { pcmEncodings, type Pcm } from '../../contract/intent.ts';
import { MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import { frameBytes, pcmLabel, wavOfPcm } from './pcm.ts';
import { findWavSound, readFrames } from './wav-read.ts';

const pcm = (encoding: Pcm['encoding'], channels = 1): Pcm => ({
  encoding,
  sampleRate: 8000,
  channels,
});

async function whole(pieces: ByteSource[]): Promise<Buffer> {
  return Buffer.concat(await Promise.all(pieces.map((piece) => piece.read(0, piece.size))));
}

/** The same two samples, half and minus a quarter of full scale, in each encoding. */
const samples: Record<Pcm['encoding'], number[]> = {
  u8: [192, 96],
  s8: [64, 0xe0],
  s16le: [0, 0x40, 0, 0xe0],
  s16be: [0x40, 0, 0xe0, 0],
  s24le: [0, 0, 0x40, 0, 0, 0xe0],
  s24be: [0x40, 0, 0, 0xe0, 0, 0],
  s32le: [0, 0, 0, 0x40, 0, 0, 0, 0xe0],
  s32be: [0x40, 0, 0, 0, 0xe0, 0, 0, 0],
  f32le: [0, 0, 0, 0x3f, 0, 0, 0x80, 0xbe],
  f32be: [0x3f, 0, 0, 0, 0xbe, 0x80, 0, 0],
  // The nearest that G.711 has.
  mulaw: [0x8f, 0x1f],
  alaw: [0xa5, 0x35],
};

test('every encoding becomes a WAV that reads as the same samples', async () => {
  for (const encoding of pcmEncodings) {
    const wav = new MemoryBytes(
      await whole(wavOfPcm(new MemoryBytes(Uint8Array.from(samples[encoding])), pcm(encoding))),
    );
    const sound = await findWavSound(wav);
    const [plane = new Float32Array()] = await readFrames(wav, sound, 0, 2);
    expect(sound.frames, encoding).toBe(2);
    expect(Math.abs((plane[0] ?? 0) - 0.5), encoding).toBeLessThan(0.02);
    expect(Math.abs((plane[1] ?? 0) + 0.25), encoding).toBeLessThan(0.02);
  }
});

test('any range of a WAV made from big-endian samples is that range of the whole', async () => {
  const bytes = Uint8Array.from({ length: 30 }, (_, at) => at);
  const [, data] = wavOfPcm(new MemoryBytes(bytes), pcm('s24be'));
  const all = Buffer.from((await data?.read(0, 30)) ?? []);
  for (let from = 0; from < 30; from += 1) {
    for (let length = 1; length <= 7; length += 1) {
      const range = Buffer.from((await data?.read(from, length)) ?? []);
      expect(range.equals(all.subarray(from, from + length)), `${from}+${length}`).toBe(true);
    }
  }
  expect([...bytes.subarray(0, 3)]).toEqual([0, 1, 2]);
});

test('half a frame at the end is left out of the WAV', async () => {
  const stereo = pcm('s16le', 2);
  expect(frameBytes(stereo)).toBe(4);
  const wav = await whole(wavOfPcm(new MemoryBytes(new Uint8Array(10)), stereo));
  expect(wav.length).toBe(44 + 8);
});

test('a label names the encoding when it is not the usual one', () => {
  expect(pcmLabel({ encoding: 's16le', sampleRate: 24_000, channels: 1 })).toBe('PCM 24 kHz mono');
  expect(pcmLabel({ encoding: 'mulaw', sampleRate: 8000, channels: 2 })).toBe(
    'PCM mulaw 8 kHz stereo',
  );
});
