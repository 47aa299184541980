import { describe, expect, it } from 'vitest';
import speechFile from '../../../resources/sample/gettysburg-24000-mono.s16le?url&inline';
import { PcmDecoder } from './pcm-decoder.ts';
import { readPcm, type PcmEncoding } from './pcm.ts';
import { piecesOf, speechOf } from './testing/fixture.ts';

const read = (encoding: PcmEncoding, bytes: number[]): number[] => {
  const { planes } = readPcm(Uint8Array.from(bytes), { encoding, sampleRate: 8000, channels: 1 });
  return [...(planes[0] ?? [])];
};

describe('PCM samples', () => {
  it('are read at full scale in every encoding', () => {
    expect(read('s16le', [0, 0x80, 0, 0x40])).toEqual([-1, 0.5]);
    expect(read('s16be', [0x80, 0, 0x40, 0])).toEqual([-1, 0.5]);
    expect(read('s24le', [0, 0, 0x80, 0, 0, 0x40])).toEqual([-1, 0.5]);
    expect(read('s24be', [0x80, 0, 0, 0x40, 0, 0])).toEqual([-1, 0.5]);
    expect(read('s24le', [1, 0, 0])).toEqual([2 ** -23]);
    expect(read('s32le', [0, 0, 0, 0x80])).toEqual([-1]);
    expect(read('s32be', [0x40, 0, 0, 0])).toEqual([0.5]);
    expect(read('f32le', [0, 0, 0, 0x3f])).toEqual([0.5]);
    expect(read('f32be', [0xbf, 0, 0, 0])).toEqual([-0.5]);
    expect(read('f64le', [0, 0, 0, 0, 0, 0, 0xe0, 0x3f])).toEqual([0.5]);
    expect(read('f64be', [0xbf, 0xe0, 0, 0, 0, 0, 0, 0])).toEqual([-0.5]);
    expect(read('u8', [0, 0x80, 0xc0])).toEqual([-1, 0, 0.5]);
    expect(read('s8', [0x80, 0, 0x40])).toEqual([-1, 0, 0.5]);
  });

  it('of G.711 are those of its tables', () => {
    expect(read('mulaw', [0xff, 0x80, 0x00]).map((x) => x * 32_768)).toEqual([0, 32_124, -32_124]);
    expect(read('alaw', [0xd5, 0xaa, 0x2a]).map((x) => x * 32_768)).toEqual([8, 32_256, -32_256]);
  });

  it('stay the same wherever the stream is cut, inside a frame too', async () => {
    const bytes = speechOf(speechFile, 0.05);
    const whole = readPcm(bytes, { encoding: 's24le', sampleRate: 24_000, channels: 2 });
    for (const length of [1, 5, 7, 997]) {
      const got: number[] = [];
      let next = 0;
      const decoder = new PcmDecoder(
        { encoding: 's24le', sampleRate: 24_000, channels: 2 },
        {
          sound: ({ planes }, at) => {
            expect(at).toBe(next);
            next += planes[1]?.length ?? 0;
            got.push(...(planes[1] ?? []));
          },
          place: () => undefined,
          label: () => undefined,
        },
      );
      for (const piece of piecesOf(bytes, length)) await decoder.write(piece);
      expect(got).toEqual([...(whole.planes[1] ?? [])]);
    }
  });
});
