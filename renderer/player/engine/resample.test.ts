import { describe, expect, it } from 'vitest';
import { rateChangeFor, Resampler } from './resample.ts';

const tone = (hertz: number, rate: number, frames: number): Float32Array =>
  Float32Array.from({ length: frames }, (_, frame) =>
    Math.sin((2 * Math.PI * hertz * frame) / rate),
  );

function resample(samples: Float32Array, rate: number, pieceLength: number): number[] {
  const resampler = new Resampler(rateChangeFor(rate));
  const output: number[] = [];
  for (let at = 0; at < samples.length; at += pieceLength) {
    output.push(...resampler.push(samples.subarray(at, at + pieceLength)));
  }
  return [...output, ...resampler.end()];
}

describe('a rate that no device takes', () => {
  it('goes up or down by a whole factor', () => {
    expect(rateChangeFor(1000)).toEqual({ up: 8, down: 1 });
    expect(rateChangeFor(7350)).toEqual({ up: 2, down: 1 });
    expect(rateChangeFor(24_000)).toEqual({ up: 1, down: 1 });
    expect(rateChangeFor(192_000)).toEqual({ up: 1, down: 2 });
    expect(rateChangeFor(768_000)).toEqual({ up: 1, down: 8 });
  });

  it('keeps a tone as it was, in time and in strength', () => {
    for (const [rate, to] of [
      [4000, 8000],
      [1000, 8000],
      [192_000, 96_000],
      [768_000, 96_000],
    ] as const) {
      const hertz = Math.min(rate, to) / 8;
      const got = resample(tone(hertz, rate, rate / 2), rate, 77);
      expect(got).toHaveLength(to / 2);
      const expected = tone(hertz, to, to / 2);
      // Both ends lean on samples that are not there.
      for (let frame = 300; frame < got.length - 300; frame += 1) {
        expect(Math.abs((got[frame] ?? 0) - (expected[frame] ?? 0))).toBeLessThan(1e-3);
      }
    }
  });

  it('folds nothing back that the lower rate can’t hold', () => {
    const got = resample(tone(60_000, 192_000, 9600), 192_000, 960).slice(100, -100);
    expect(Math.max(...got.map(Math.abs))).toBeLessThan(1e-4);
  });
});
