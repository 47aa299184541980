import { describe, expect, it } from 'vitest';
import { Playout } from './playout.ts';
import { softLimit } from './soft-limit.ts';

const RATE = 48_000;
const QUANTUM = 128;
/** Samples of a ramp that takes 5 ms, and one of 3 ms. */
const FIRST_RAMP = 240;
const GAP_RAMP = 144;

/** Never zero and never the same twice in a row, so that a skip or a repeat shows. */
const sampleAt = (frame: number): number => Math.fround(0.2 + (frame % 4001) / 8002);
const sound = (from: number, frames: number): Float32Array[] => [
  Float32Array.from({ length: frames }, (_, index) => sampleAt(from + index)),
];

function render(playout: Playout, quanta: number): number[] {
  return Array.from({ length: quanta }, () => {
    const output = [new Float32Array(QUANTUM)];
    playout.render(output);
    return [...(output[0] ?? [])];
  }).flat();
}

const start = (cushion = 0.08): Playout => new Playout(RATE, cushion, () => 0);

describe('the queue before the sound device', () => {
  it('begins when the cushion is there, rises in 5 ms, and is exact from then to the last sample', () => {
    const playout = start();
    playout.add(sound(0, 3839));
    expect(render(playout, 40).every((sample) => sample === 0)).toBe(true);
    playout.add(sound(3839, 1000));
    playout.end();
    const heard = render(playout, 60);
    expect(heard[0]).toBeLessThan(0.002);
    for (let frame = FIRST_RAMP; frame < 4839; frame += 1)
      expect(heard[frame]).toBe(sampleAt(frame));
    expect(heard.slice(4839).every((sample) => sample === 0)).toBe(true);
    expect(playout.report()).toMatchObject({ phase: 'ended', seconds: 4839 / RATE, gaps: [] });
  });

  it('is silent while samples are missing, and neither skips nor repeats one', () => {
    const playout = start();
    playout.add(sound(0, 4800));
    const heard = render(playout, 115);
    // The cushion is 160 ms now: half of it is not enough.
    playout.add(sound(4800, 4800));
    expect(render(playout, 50).every((sample) => sample === 0)).toBe(true);
    playout.add(sound(9600, 4800));
    playout.end();
    const later = render(playout, 200);
    const begins = later.findIndex((sample) => sample !== 0);
    const first = heard.findIndex((sample) => sample !== 0);
    for (let frame = FIRST_RAMP; frame < 4800 - GAP_RAMP; frame += 1) {
      expect(heard[first + frame]).toBe(sampleAt(frame));
    }
    for (let frame = GAP_RAMP; frame < 9600; frame += 1) {
      expect(later[begins + frame]).toBe(sampleAt(4800 + frame));
    }
    const { gaps, phase, seconds } = playout.report();
    expect(phase).toBe('ended');
    expect(seconds).toBe(0.3);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]?.at).toBe(0.1);
    expect(gaps[0]?.lastedMs).toBeGreaterThan((50 * QUANTUM * 1000) / RATE);
  });

  it('falls and rises around a gap without a step', () => {
    const playout = start(0.01);
    const constant = (frames: number): Float32Array[] => [new Float32Array(frames).fill(0.8)];
    playout.add(constant(2000));
    const heard = render(playout, 40);
    playout.add(constant(3000));
    heard.push(...render(playout, 60));
    const steps = heard.slice(1).map((sample, index) => Math.abs(sample - (heard[index] ?? 0)));
    expect(Math.max(...steps)).toBeLessThanOrEqual(0.8 / GAP_RAMP + 1e-6);
  });

  it('waits before it plays what came in one piece, unless there is plenty or no more to come', () => {
    const second = start();
    second.add(sound(0, RATE));
    expect(render(second, 14).every((sample) => sample === 0)).toBe(true);
    expect(render(second, 2).some((sample) => sample !== 0)).toBe(true);
    const plenty = start();
    plenty.add(sound(0, 2 * RATE));
    expect(render(plenty, 1).some((sample) => sample !== 0)).toBe(true);
    const all = start();
    all.add(sound(0, 500));
    all.end();
    expect(render(all, 1).some((sample) => sample !== 0)).toBe(true);
  });

  it('asks for more with each gap, but never for more than a second', () => {
    const playout = start();
    for (let gap = 0; gap < 8; gap += 1) {
      playout.add(sound(0, RATE));
      render(playout, 1000);
      expect(playout.report().phase).toBe('stalled');
    }
  });

  it('says where it is after a jump, and plays nothing from before', () => {
    const playout = start();
    playout.add(sound(0, 48_000));
    render(playout, 100);
    playout.flush(30);
    playout.add(sound(5000, 480));
    playout.end();
    const heard = render(playout, 10);
    expect(heard[300]).toBe(sampleAt(5300));
    expect(playout.report()).toMatchObject({ phase: 'ended', seconds: 30.01 });
  });

  it('plays every channel', () => {
    const playout = start(0);
    const [left = new Float32Array(0)] = sound(0, 1000);
    playout.add([left, left.map((sample) => -sample)]);
    playout.end();
    const output = [new Float32Array(1000), new Float32Array(1000)];
    playout.render(output);
    expect(output[1]?.[900]).toBe(-sampleAt(900));
    expect(playout.report().level.peak).toBeCloseTo(sampleAt(999), 5);
  });
});

describe('the limiter', () => {
  it('leaves what is below -1 dBFS as it is and lets nothing past full scale', () => {
    const quiet = Float32Array.of(0, 0.5, -0.89, 0.891, 1e-9);
    const limited = quiet.slice();
    softLimit(limited);
    expect(limited).toEqual(quiet);
    const loud = Float32Array.of(0.9, 1, 3, -3, 30_000);
    softLimit(loud);
    expect(Math.max(...loud.map(Math.abs))).toBeLessThanOrEqual(1);
    expect([...loud.subarray(0, 3)].toSorted((a, b) => a - b)).toEqual([...loud.subarray(0, 3)]);
    expect(loud[0]).toBeCloseTo(0.9, 3);
  });
});
