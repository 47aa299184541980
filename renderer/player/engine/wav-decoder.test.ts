import { describe, expect, it } from 'vitest';
import { piecesOf } from './testing/fixture.ts';
import { WavDecoder } from './wav-decoder.ts';

const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
const text = (letters: string): number[] => Array.from(letters, (letter) => letter.charCodeAt(0));
const chunk = (id: string, body: number[], size = body.length): number[] => [
  ...text(id),
  ...u32(size),
  ...body,
  ...(body.length % 2 ? [0] : []),
];
const fmt = (tag: number, channels: number, rate: number, bits: number): number[] => [
  ...u16(tag),
  ...u16(channels),
  ...u32(rate),
  ...u32((rate * channels * bits) / 8),
  ...u16((channels * bits) / 8),
  ...u16(bits),
];
const riff = (...chunks: number[][]): number[] => [
  ...text('RIFF'),
  ...u32(0),
  ...text('WAVE'),
  ...chunks.flat(),
];

type Decoded = { label: string; rate: number; channels: number; samples: number[] };

async function decode(bytes: number[], pieceLength = 3): Promise<Decoded> {
  const decoded: Decoded = { label: '', rate: 0, channels: 0, samples: [] };
  const decoder = new WavDecoder({
    sound: ({ planes, sampleRate }) => {
      decoded.rate = sampleRate;
      decoded.channels = planes.length;
      decoded.samples.push(...(planes[0] ?? []));
    },
    place: () => undefined,
    label: (label) => {
      decoded.label = label;
    },
  });
  for (const piece of piecesOf(Uint8Array.from(bytes), pieceLength)) await decoder.write(piece);
  await decoder.end();
  return decoded;
}

const samples = [...u16(0x4000), ...u16(0xc000), ...u16(0x2000)];

describe('a WAV that is still being written', () => {
  it('plays to the end of the stream when its size is 0 or impossible', async () => {
    for (const size of [0, 0x7fff_f000, 0x7fff_ffff, 0xffff_ffff, 100_000]) {
      const wav = riff(chunk('fmt ', fmt(1, 1, 24_000, 16)), chunk('data', samples, size));
      expect(await decode(wav)).toEqual({
        label: 'WAV 16-bit',
        rate: 24_000,
        channels: 1,
        samples: [0.5, -0.5, 0.25],
      });
    }
  });

  it('plays no chunk that follows samples of a true size', async () => {
    const wav = riff(
      chunk('LIST', text('odd')),
      chunk('fmt ', fmt(1, 1, 24_000, 16)),
      chunk('data', samples),
      chunk('LIST', text('INFOIART')),
    );
    for (const length of [1, 4, 1000]) {
      expect((await decode(wav, length)).samples).toEqual([0.5, -0.5, 0.25]);
    }
  });

  it('goes on with the next file behind it, as long as the samples are alike', async () => {
    const file = (rate: number, ...data: number[]): number[] =>
      riff(chunk('fmt ', fmt(1, 1, rate, 8)), chunk('data', data), chunk('LIST', text('a')));
    const three = [...file(8000, 0xc0, 0x40, 0xa0), ...file(8000, 0x40), ...file(8000, 0xc0, 0xc0)];
    for (const length of [1, 5, 1000]) {
      expect((await decode(three, length)).samples).toEqual([0.5, -0.5, 0.25, -0.5, 0.5, 0.5]);
    }
    const unlike = [...file(8000, 0xc0), ...file(16_000, 0xc0, 0xc0), ...file(8000, 0x40)];
    expect(await decode(unlike)).toMatchObject({ rate: 8000, samples: [0.5] });
    const open = [...file(8000, 0xc0), ...file(8000, 0x40, 0xc0).slice(0, -10)];
    open[open.length - 6] = 0;
    expect((await decode(open)).samples).toEqual([0.5, -0.5, 0.5]);
  });

  it('comes back to any of its files', async () => {
    const places: { byte: number; seconds: number }[] = [];
    const heard: [number, number[]][] = [];
    const decoder = new WavDecoder({
      sound: ({ planes }, at) => heard.push([at, [...(planes[0] ?? [])]]),
      place: (place) => places.push(place),
      label: () => undefined,
    });
    const file = (value: number): number[] =>
      riff(chunk('fmt ', fmt(1, 1, 1000, 16)), chunk('data', [0, value, 0, value]));
    const wav = Uint8Array.from([...file(0x40), ...file(0x20)]);
    await decoder.write(wav);
    expect(heard).toEqual([
      [0, [0.5, 0.5]],
      [2, [0.25, 0.25]],
    ]);
    expect(places).toEqual([
      { byte: 44, seconds: 0 },
      { byte: 92, seconds: 0.002 },
    ]);
    for (const place of [...places, { byte: 0, seconds: 0 }]) {
      heard.length = 0;
      decoder.resume(place);
      await decoder.write(wav.subarray(place.byte));
      expect(heard.map(([at]) => at)).toEqual(place.byte === 92 ? [2] : [0, 2]);
    }
  });

  it('is read in floats, in G.711 and in EXTENSIBLE', async () => {
    const data = chunk('data', [0, 0, 0, 0x3f, 0, 0, 0x80, 0xbe], 0);
    const float = await decode(riff(chunk('fmt ', fmt(3, 2, 48_000, 32)), data));
    expect(float).toEqual({
      label: 'WAV float 32-bit',
      rate: 48_000,
      channels: 2,
      samples: [0.5],
    });
    const extensible = [
      ...fmt(0xfffe, 1, 16_000, 24),
      ...u16(22),
      ...u16(24),
      ...u32(4),
      ...u16(1),
    ];
    const guid = [0, 0, 0, 0, 16, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
    const wide = await decode(
      riff(chunk('fmt ', [...extensible, ...guid]), chunk('data', [0, 0, 0x40])),
    );
    expect(wide).toMatchObject({ label: 'WAV 24-bit', samples: [0.5] });
    const mulaw = await decode(riff(chunk('fmt ', fmt(7, 1, 8000, 8)), chunk('data', [0xff])));
    expect(mulaw).toMatchObject({ label: 'WAV mu-law', samples: [0] });
  });

  it('goes on from a place it told, and from the start', async () => {
    const places: { byte: number; seconds: number }[] = [];
    const heard: [number, number[]][] = [];
    const decoder = new WavDecoder({
      sound: ({ planes }, at) => heard.push([at, [...(planes[0] ?? [])]]),
      place: (place) => places.push(place),
      label: () => undefined,
    });
    const wav = Uint8Array.from(
      riff(chunk('fmt ', fmt(1, 1, 1000, 16)), chunk('data', samples, 0)),
    );
    await decoder.write(wav.subarray(0, 46));
    await decoder.write(wav.subarray(46));
    expect(places).toEqual([
      { byte: 44, seconds: 0 },
      { byte: 46, seconds: 0.001 },
    ]);
    for (const { byte, seconds } of [
      { byte: 46, seconds: 0.001 },
      { byte: 0, seconds: 0 },
    ]) {
      heard.length = 0;
      decoder.resume({ byte, seconds });
      await decoder.write(wav.subarray(byte));
      expect(heard).toEqual(byte === 0 ? [[0, [0.5, -0.5, 0.25]]] : [[1, [-0.5, 0.25]]]);
    }
  });

  it('says so when it is damaged', async () => {
    await expect(decode(riff(chunk('data', samples)))).rejects.toThrow('before it says what');
    await expect(decode(riff(chunk('fmt ', fmt(2, 1, 8000, 4))))).rejects.toThrow('format tag 2');
  });
});
