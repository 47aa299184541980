import { describe, expect, it } from 'vitest';
import { PeaksBuilder, toBars } from './peaks.ts';

const constant = (frames: number, value: number): Float32Array =>
  new Float32Array(frames).fill(value);

describe('the peaks of a sound', () => {
  it('keep the lowest and highest sample of every bucket, over all channels', () => {
    const builder = new PeaksBuilder();
    const stereo = new Float32Array(2 * 256);
    stereo[10] = 0.5;
    stereo[11] = -0.25;
    builder.add(stereo, 256, 2);
    builder.add(constant(256, -1), 256, 1);
    const { low, high } = builder.snapshot();
    expect([...high]).toEqual([16_384, 0]);
    expect([...low]).toEqual([-8192, -32_767]);
    expect(builder.frames).toBe(512);
  });

  it('do not depend on how the decoder cuts the sound', () => {
    const sound = Float32Array.from(
      { length: 10_000 },
      (_, frame) => Math.sin(frame / 7) * (frame / 10_000),
    );
    const whole = new PeaksBuilder();
    whole.add(sound, sound.length, 1);
    const pieces = new PeaksBuilder();
    for (let at = 0; at < sound.length; at += 1153) {
      const piece = sound.slice(at, at + 1153);
      pieces.add(piece, piece.length, 1);
    }
    expect(pieces.snapshot()).toEqual(whole.snapshot());
  });

  it('stay within their memory however long the sound, and lose no click', () => {
    const builder = new PeaksBuilder(64);
    for (let second = 0; second < 100; second += 1) {
      const sound = constant(48_000, 0.1);
      if (second === 61) sound[5] = 0.9;
      builder.add(sound, sound.length, 1);
    }
    const peaks = builder.snapshot();
    expect(peaks.high.length).toBeLessThanOrEqual(64);
    expect(peaks.high.length * peaks.framesPerBucket).toBeGreaterThanOrEqual(4_800_000);
    const bars = toBars(peaks, builder.frames, 10);
    expect(bars[6]).toBeCloseTo(0.9, 3);
    expect(bars[5]).toBeCloseTo(0.1, 3);
  });

  it('take samples beyond full scale as full scale, and no number as silence', () => {
    const builder = new PeaksBuilder();
    builder.add(Float32Array.of(7, -7, Number.NaN, Number.POSITIVE_INFINITY), 4, 1);
    builder.add(constant(252, 0), 252, 1);
    builder.add(constant(256, Number.NaN), 256, 1);
    const { low, high } = builder.snapshot();
    expect([...high]).toEqual([32_767, 0]);
    expect([...low]).toEqual([-32_768, 0]);
  });
});

describe('the bars of a waveform', () => {
  it('leave no gap when the sound is shorter than the canvas is wide', () => {
    const builder = new PeaksBuilder();
    builder.add(constant(1024, 0.5), 1024, 1);
    const bars = toBars(builder.snapshot(), 1024, 100);
    expect(Math.min(...bars)).toBeCloseTo(0.5, 3);
  });

  it('are empty where nothing is decoded yet', () => {
    const builder = new PeaksBuilder();
    builder.add(constant(5120, 0.5), 5120, 1);
    const bars = toBars(builder.snapshot(), 10_240, 10);
    expect([...bars.slice(5)]).toEqual([0, 0, 0, 0, 0]);
    expect(bars[4]).toBeCloseTo(0.5, 3);
  });

  it('of a sound without any frames are flat', () => {
    expect([...toBars(new PeaksBuilder().snapshot(), 0, 3)]).toEqual([0, 0, 0]);
  });
});
