import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { match } from './live/compare.ts';
import { heardBy, openLivePage, type LivePage } from './live/live-page.ts';
import { counted, fixture, interleaved, oddly, speech, wavHeader } from './live/sounds.ts';
import type { PcmReading } from '../renderer/player/engine/pcm.ts';
import { encoded } from '../renderer/player/engine/testing/encode.ts';

let live: LivePage;
beforeAll(async () => {
  live = await openLivePage();
});
afterAll(async () => {
  expect(live.problems).toEqual([]);
  await live[Symbol.asyncDispose]();
});

const RATE = 24_000;
/** Frames in which a sound rises at its start. */
const firstRamp = (sampleRate: number): number => Math.ceil(0.005 * sampleRate);

/** A sound on its way: its bytes, how to read them, and what must come out; null is what the browser makes of the whole file. */
type Take = {
  name: string;
  bytes: Uint8Array;
  pcm?: PcmReading;
  planes: Float32Array[] | null;
  /** How far a sample may be off. Lossless ones not at all. */
  tolerance?: number;
  /** Frames that may come behind the end, and why. */
  behind?: number;
};

/** Plays them all at once, with a cushion for a busy machine, and looks at every sample that left the engine. */
async function expectWhole(takes: Take[]): Promise<void> {
  const players = await Promise.all(
    takes.map(async ({ bytes, pcm }) => {
      const stream = await live.server.stream(oddly(bytes, bytes.length / 0.7));
      return {
        stream,
        player: await live.play(stream, { ...(pcm ? { pcm } : {}), cushionMs: 400 }),
      };
    }),
  );
  for (const [at, { name, planes, pcm, tolerance = 0, behind = 0 }] of takes.entries()) {
    const { stream, player } = players[at] ?? raise();
    await player.reaches('ended', 'failed', 'undecidable');
    const heard = await heardBy(player);
    const sound = planes ?? (await live.decoded(stream, heard.sampleRate)).planes;
    if (pcm) expect(heard.sampleRate, name).toBe(pcm.sampleRate);
    expect(heard.planes, name).toHaveLength(sound.length);
    for (const [channel, plane] of sound.entries()) {
      const found = match(heard.planes[channel] ?? raise(), plane, firstRamp(heard.sampleRate));
      expect(found, name).toMatchObject({ isSoftAtFirst: true, before: 0 });
      expect(found.worst, name).toBeLessThanOrEqual(tolerance);
      expect(found.behind, name).toBeLessThanOrEqual(behind);
    }
    const { state, underruns } = await player.snapshot();
    expect({ name, state, underruns: underruns.count }).toEqual({
      name,
      state: { phase: 'ended' },
      underruns: 0,
    });
    await player.close();
  }
}

function raise(): never {
  throw new Error('There is no such thing.');
}

const voice = async (): Promise<number[]> =>
  Array.from(await speech(2, 1.5), (sample) => sample / 0x8000);

describe('what leaves the engine towards the device', () => {
  test('is headerless sound to the last sample, in any encoding, wherever the network cuts it', async () => {
    const spoken = await voice();
    const count = [...counted(1.5 * RATE)];
    const take = (encoding: PcmReading['encoding'], ...planes: number[][]): Take => ({
      name: `${encoding} × ${planes.length}`,
      pcm: { encoding, sampleRate: RATE, channels: planes.length },
      planes: planes.map((plane) => encoded(plane, encoding).samples),
      bytes: encoded(interleaved(planes), encoding).bytes,
    });
    await expectWhole([
      take('s16le', spoken),
      take('s24be', count),
      take('f32le', count),
      take('mulaw', spoken),
      take('alaw', spoken),
      take('s16le', spoken, count.toReversed()),
    ]);
  });

  test('is a WAV to its last sample, whether its header tells the size, none, or one that no file has', async () => {
    const { bytes, samples } = encoded(await voice(), 's16le');
    const float = encoded([...counted(1.5 * RATE)], 'f32le');
    const chunk = Buffer.from('LIST\x04\0\0\0INFO', 'latin1');
    const take = (name: string, header: Uint8Array, tail: Uint8Array = Buffer.of()): Take => ({
      name,
      bytes: Buffer.concat([header, bytes, tail]),
      planes: [samples],
    });
    await expectWhole([
      take('true size', wavHeader(bytes.length), chunk),
      take('size 0', wavHeader(0)),
      take('size of SoX', wavHeader(0x7fff_f000)),
      take('size of ffmpeg', wavHeader(0xffff_ffff)),
      {
        name: 'float',
        bytes: Buffer.concat([wavHeader(0, { tag: 3, bits: 32 }), float.bytes]),
        planes: [float.samples],
      },
    ]);
  });

  test('is what the browser makes of the whole file, for MP3, AAC and Ogg', async () => {
    const tag = Buffer.concat([
      Buffer.from('ID3\x04\0\0\0\0\x07\x68', 'latin1'),
      Buffer.alloc(1000),
    ]);
    const take = async (name: string, before = Buffer.of()): Promise<Take> => ({
      name,
      bytes: Buffer.concat([before, await fixture(name)]),
      planes: null,
      tolerance: 1e-4,
    });
    await expectWhole(
      await Promise.all([
        take('plain.mp3'),
        take('lame.mp3', tag),
        take('adts.aac'),
        take('opus20.ogg'),
        take('opus1s.ogg'),
        take('vorbis.ogg'),
      ]),
    );
  });

  test('is one Ogg after the other, when a model sends one for each sentence', async () => {
    const chain = async (...names: string[]): Promise<Take> => {
      const files = await Promise.all(names.map(fixture));
      const sounds = await Promise.all(
        files.map(async (bytes) => {
          const { planes } = await live.decoded(
            await live.server.stream(oddly(bytes, 1e6)),
            48_000,
          );
          return [...(planes[0] ?? raise())];
        }),
      );
      return {
        name: names.join(' + '),
        bytes: Buffer.concat(files),
        planes: [Float32Array.from(sounds.flat())],
        tolerance: 1e-4,
      };
    };
    await expectWhole([
      await chain('opus20.ogg', 'opus1s.ogg', 'opus20.ogg'),
      // Other sound ends it.
      {
        ...(await chain('opus20.ogg')),
        bytes: Buffer.concat([await fixture('opus20.ogg'), await fixture('vorbis.ogg')]),
      },
    ]);
  });

  test('is what the browser makes of the whole file, for WebM and MP4 in fragments, and the recording itself for FLAC', async () => {
    const recorded = Float32Array.from(await speech(0, 2), (sample) => sample / 0x8000);
    const take = async (name: string, tolerance: number): Promise<Take> => ({
      name,
      bytes: await fixture(name),
      planes: null,
      tolerance,
    });
    await expectWhole([
      await take('live.webm', 1e-4),
      // The last of its AAC frames is padded, by less than a frame; the browser cuts that off, as the box tells its length.
      { ...(await take('frag200.mp4', 1e-4)), behind: 1024 },
      { ...(await take('speech.flac', 0)), planes: [recorded] },
    ]);
  });

  test('goes on behind damage in an MP3, with no more lost than what the damage touched', async () => {
    const bytes = Uint8Array.from(await fixture('plain.mp3'));
    const sound = await live.server.stream([{ bytes: bytes.slice(), afterMs: 0 }]);
    const [whole = raise()] = (await live.decoded(sound, RATE)).planes;
    bytes.fill(0xff, 9000, 9300);
    const player = await live.play(await live.server.stream(oddly(bytes, bytes.length / 0.7)));
    await player.reaches('ended', 'failed');
    const { planes } = await heardBy(player);
    const heard = planes[0] ?? raise();
    // 9000 bytes are 62 frames of 144; what an MP3 frame takes from those before it spoils two more.
    const before = match(heard, whole.subarray(0, 62 * 576), firstRamp(RATE));
    expect(before.worst).toBeLessThanOrEqual(1e-4);
    const rest = whole.subarray(70 * 576);
    const end = heard.findLastIndex((sample) => sample !== 0) + 1;
    const last = match(heard.subarray(end - rest.length - 500), rest, 0);
    expect(last.worst).toBeLessThanOrEqual(1e-4);
    const lost = whole.length - (end - before.offset);
    expect(lost).toBeLessThanOrEqual(6 * 576);
    await player.close();
  });

  test('is all but the one frame, when a frame among many that came at once can’t be decoded', async () => {
    const bytes = Uint8Array.from(await fixture('adts.aac'));
    const stream = await live.server.stream([{ bytes: bytes.slice(), afterMs: 0 }]);
    const [whole = raise()] = (await live.decoded(stream, RATE)).planes;
    const lengthAt = (at: number): number =>
      (((bytes[at + 3] ?? 0) & 3) << 11) |
      ((bytes[at + 4] ?? 0) << 3) |
      ((bytes[at + 5] ?? 0) >> 5);
    let at = 0;
    for (let frame = 0; frame < 20; frame += 1) at += lengthAt(at);
    bytes.fill(0xff, at + 7, at + lengthAt(at));
    const player = await live.play(await live.server.stream([{ bytes, afterMs: 0 }]));
    await player.reaches('ended', 'failed');
    const { decodedSeconds } = await player.snapshot();
    const lost = Math.round(whole.length - decodedSeconds * RATE) / 1024;
    expect(lost).toBeGreaterThanOrEqual(1);
    expect(lost).toBeLessThanOrEqual(2);
    const heard = (await heardBy(player)).planes[0] ?? raise();
    const rest = whole.subarray(24 * 1024);
    const end = heard.findLastIndex((sample) => sample !== 0) + 1;
    const { worst } = match(heard.subarray(end - rest.length - 1000), rest, 0);
    // AAC fills bands with noise that its decoder makes up; speech that is out of place is off by far more.
    expect(worst).toBeLessThanOrEqual(0.15);
    await player.close();
  });
});
