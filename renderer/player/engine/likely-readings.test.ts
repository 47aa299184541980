import { describe, expect, it } from 'vitest';
import speechFile from '../../../resources/sample/gettysburg-24000-mono.s16le?url&inline';
import { likelyReadings } from './likely-readings.ts';
import { readPcm, type PcmEncoding, type PcmReading } from './pcm.ts';
import { encoded } from './testing/encode.ts';
import { bytesOf } from './testing/fixture.ts';

const RATE = 24_000;
const reading: PcmReading = { encoding: 's16le', sampleRate: RATE, channels: 1 };
const [speech = new Float32Array()] = readPcm(bytesOf(speechFile), reading).planes;
const spoken = (from: number, seconds: number): Float32Array =>
  speech.slice(from * RATE, (from + seconds) * RATE);

const stereo = (left: Float32Array, right: Float32Array): Float32Array =>
  Float32Array.from({ length: left.length * 2 }, (_, at) => {
    return (at % 2 ? right : left)[at >> 1] ?? 0;
  });

const sounds: [string, number, Float32Array][] = [
  ['mono', 1, spoken(2, 1)],
  ['mono from elsewhere', 1, spoken(9, 1)],
  ['quiet mono', 1, spoken(5, 1).map((sample) => sample / 20)],
  ['mono behind silence', 1, Float32Array.of(...new Float32Array(5000), ...spoken(2, 1))],
  ['stereo of two voices', 2, stereo(spoken(2, 1), spoken(12, 1))],
  [
    'stereo of alike channels',
    2,
    stereo(
      spoken(2, 1),
      spoken(2, 1).map((x) => x * 0.7),
    ),
  ],
];

/** At which place the true reading of this sound is. */
const placeOf = (sound: Float32Array, encoding: PcmEncoding, channels: number): number =>
  likelyReadings(encoded(sound, encoding).bytes, reading).findIndex(
    (each) => each.encoding === encoding && each.channels === channels,
  );

const wide: PcmEncoding[] = ['s16le', 's16be', 's24le', 's24be', 's32le', 'f32le', 'f32be'];
const narrow: PcmEncoding[] = ['u8', 's8', 'mulaw', 'alaw'];

describe('the likely readings of headerless speech', () => {
  it.each(sounds)(
    'begin with the true one for samples of two bytes and more: %s',
    (_, channels, sound) => {
      const places = wide.map((encoding) => [encoding, placeOf(sound, encoding, channels)]);
      expect(places).toEqual(wide.map((encoding) => [encoding, 0]));
    },
  );

  it.each(sounds)(
    'have the true one among the first three for single bytes, whose codings are alike: %s',
    (_, channels, sound) => {
      const places = narrow.map((encoding) => placeOf(sound, encoding, channels));
      for (const place of places) expect([0, 1, 2]).toContain(place);
    },
  );

  it('keep the rate that was given, and are all there are, also when there is nothing to judge by', () => {
    for (const head of [new Uint8Array(0), new Uint8Array(1), new Uint8Array(1000)]) {
      const given = { encoding: 's24be', sampleRate: 8000, channels: 2 } as const;
      const readings = likelyReadings(head, given);
      expect(readings).toHaveLength(22);
      expect(readings[0]).toEqual(given);
      expect(readings.every(({ sampleRate }) => sampleRate === 8000)).toBe(true);
    }
  });
});
