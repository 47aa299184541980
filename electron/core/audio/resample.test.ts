import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateChange, Resampler } from './resample.ts';

function resample(input: Float32Array, from: number, to: number, block = 4096): Float32Array {
  const resampler = new Resampler(new RateChange(from, to));
  const blocks: Float32Array[] = [];
  for (let at = 0; at < input.length; at += block) {
    blocks.push(resampler.push(input.subarray(at, at + block)));
  }
  blocks.push(resampler.finish());
  return Float32Array.from(blocks.flatMap((part) => [...part]));
}

const tone = (frequency: number, rate: number, frames = rate): Float32Array =>
  Float32Array.from({ length: frames }, (_, n) => Math.sin((2 * Math.PI * frequency * n) / rate));

/** Decibels of the middle against a full tone: the ends hear the silence around the sound. */
function level(samples: Float32Array): number {
  const middle = samples.subarray(samples.length >> 2, (3 * samples.length) >> 2);
  const power = middle.reduce((sum, x) => sum + x * x, 0) / middle.length;
  return 10 * Math.log10(2 * power);
}

/** Decibels of the difference to what the same tone is at the new rate. */
function error(samples: Float32Array, frequency: number, rate: number): number {
  const ideal = tone(frequency, rate, samples.length);
  return level(samples.map((x, n) => x - (ideal[n] ?? 0)));
}

const ratios: [from: number, to: number][] = [
  [48_000, 16_000],
  [44_100, 16_000],
  [44_100, 48_000],
  [11_025, 24_000],
  [8_000, 48_000],
  [44_101, 47_999],
  [47_999, 16_001],
];

test.each(ratios)(
  'from %i to %i Hz, 1 kHz stays the tone it is, at its place in time',
  (from, to) => {
    expect(error(resample(tone(1000, from), from, to), 1000, to)).toBeLessThan(-95);
  },
);

test.each(ratios)('from %i to %i Hz, up to 0.9 of the lower Nyquist it is flat', (from, to) => {
  const highest = 0.45 * Math.min(from, to);
  for (const share of [0.1, 0.5, 0.8, 0.95, 1]) {
    expect(Math.abs(level(resample(tone(share * highest, from), from, to)))).toBeLessThan(0.1);
  }
});

test.each(ratios.filter(([from, to]) => from > to))(
  'from %i to %i Hz, what the lower rate can’t hold is gone, not folded back',
  (from, to) => {
    for (const frequency of [to / 2, to * 0.55, to * 0.6875, from * 0.49]) {
      expect(level(resample(tone(frequency, from), from, to))).toBeLessThan(-90);
    }
  },
);

test('an 11 kHz tone vanishes on the way from 48 to 16 kHz', () => {
  expect(level(resample(tone(11_000, 48_000), 48_000, 16_000))).toBeLessThan(-95);
});

test.each(ratios.filter(([from, to]) => from < to))(
  'from %i to %i Hz, no image of a tone appears above the old Nyquist',
  (from, to) => {
    const frequency = 0.45 * from;
    expect(error(resample(tone(frequency, from), from, to), frequency, to)).toBeLessThan(-85);
  },
);

test('an impulse stays at its time, and its sides are equal', () => {
  const input = new Float32Array(48_000);
  input[24_000] = 1;
  const output = resample(input, 48_000, 16_000);
  expect(output.indexOf(Math.max(...output))).toBe(8000);
  for (let n = 1; n < 60; n += 1) expect(output[8000 + n]).toBeCloseTo(output[8000 - n] ?? 1, 7);
});

test('a chirp is the same chirp at the new rate', () => {
  const chirp = (rate: number): Float32Array =>
    Float32Array.from({ length: rate }, (_, n) => {
      const t = n / rate;
      return Math.sin(2 * Math.PI * (100 * t + 3000 * t * t));
    });
  const output = resample(chirp(44_100), 44_100, 16_000);
  const ideal = chirp(16_000);
  expect(level(output.map((x, n) => x - (ideal[n] ?? 0)))).toBeLessThan(-90);
});

test('a constant stays what it is', () => {
  const output = resample(new Float32Array(20_000).fill(0.5), 44_100, 47_999);
  for (const x of output.subarray(1000, -1000)) expect(x).toBeCloseTo(0.5, 6);
});

test('equal rates pass every sample as it is', () => {
  const input = Float32Array.from({ length: 5000 }, (_, n) => Math.fround(Math.sin(n * n)));
  expect(resample(input, 44_100, 44_100, 777)).toEqual(input);
});

test('any cut into blocks gives the same samples, and their count is exact', () => {
  const rate = fc.integer({ min: 1000, max: 768_000 });
  const property = fc.property(
    ...[rate, rate, fc.nat({ max: 3000 })],
    fc.integer({ min: 1, max: 700 }),
    (from, to, frames, block) => {
      fc.pre((frames * to) / from < 50_000);
      const input = tone(400, from, frames);
      const whole = resample(input, from, to, Math.max(1, frames));
      expect(whole.length).toBe(Math.ceil((frames * to) / from));
      expect(resample(input, from, to, block)).toEqual(whole);
    },
  );
  fc.assert(property, { numRuns: 40 });
});
