import { countedFrame, countedSample } from './sounds.ts';

/** Frames compared to find where a sound begins in what was heard, and how far from the first audible frame that may be. */
const WINDOW = 2048;
const REACH = 4000;

/** What a decoder that begins in the middle may still be off by at first. */
const SOFT_TOLERANCE = 0.02;

export type Match = {
  /** Which frame of what was heard is the first of the sound. */
  offset: number;
  /** The largest difference between two samples, but for the first `ramp` frames. */
  worst: number;
  /** Whether those frames rise from nothing to what they should be, in equal steps. */
  isSoftAtFirst: boolean;
  /** Frames heard before the sound and behind it that are not silent. */
  before: number;
  behind: number;
};

/** Finds a sound in what was heard and says how well it is that sound, whole and in one piece. */
export function match(heard: Float32Array, sound: Float32Array, ramp: number): Match {
  const offset = offsetOf(heard, sound, ramp);
  let worst = 0;
  let isSoftAtFirst = true;
  for (const [frame, sample] of sound.entries()) {
    const own = heard[offset + frame] ?? NaN;
    const difference = Math.abs(own - sample);
    if (frame < ramp) {
      isSoftAtFirst &&= Math.abs(own - (sample * (frame + 1)) / ramp) <= SOFT_TOLERANCE;
    }
    if (frame >= ramp && !(difference <= worst)) worst = difference;
  }
  return {
    offset,
    worst,
    isSoftAtFirst,
    before: audible(heard.subarray(0, Math.max(0, offset))),
    behind: audible(heard.subarray(offset + sound.length)),
  };
}

/** Where `sound` lies best. Its loudest stretch decides, as silence lies well anywhere. */
function offsetOf(heard: Float32Array, sound: Float32Array, ramp: number): number {
  const window = loudest(sound, ramp);
  // Both may begin with silence.
  const begins = firstAudible(heard) - firstAudible(sound);
  let best = { offset: begins, error: Infinity };
  for (let offset = begins - REACH; offset < begins + REACH; offset += 1) {
    let error = 0;
    for (let at = window; at < window + WINDOW && error < best.error; at += 1) {
      error += Math.abs((heard[offset + at] ?? 0) - (sound[at] ?? 0));
    }
    if (error < best.error) best = { offset, error };
  }
  return best.offset;
}

function loudest(sound: Float32Array, ramp: number): number {
  let best = { at: ramp, energy: -1 };
  for (let at = ramp; at + WINDOW <= sound.length; at += WINDOW / 2) {
    const energy = sound.subarray(at, at + WINDOW).reduce((sum, sample) => sum + sample ** 2, 0);
    if (energy > best.energy) best = { at, energy };
  }
  return best.at;
}

const firstAudible = (samples: Float32Array): number => samples.findIndex((sample) => sample !== 0);
const audible = (samples: Float32Array): number => samples.filter((sample) => sample !== 0).length;

/** Frames `from` to `to` of a counted sound, heard whole from `at` on: `to` and the frame behind the last one are not in it. */
export type Stretch = { at: number; from: number; to: number };

/**
 * The stretches of a counted sound that were heard bit for bit. Between two of them there is silence, or frames are missing or
 * come twice. A dip of at most `dip` frames divides none: sound grows faint where the next of it comes at the last moment.
 */
export function stretches(heard: Float32Array, dip = 0): Stretch[] {
  const found: Stretch[] = [];
  for (const [at, sample] of heard.entries()) {
    const frame = countedFrame(sample);
    if (sample !== countedSample(frame) || frame < 0) continue;
    const last = found.at(-1);
    if (last?.to === frame && at - last.at === frame - last.from) last.to = frame + 1;
    else found.push({ at, from: frame, to: frame + 1 });
  }
  // A faded sample may by chance have the value of another frame.
  return joined(
    found.filter(({ from, to }) => to - from > 16),
    dip,
  );
}

function joined(found: Stretch[], dip: number): Stretch[] {
  const whole: Stretch[] = [];
  for (const stretch of found) {
    const last = whole.at(-1);
    const isInStep = last && stretch.at - last.at === stretch.from - last.from;
    if (isInStep && stretch.from - last.to <= dip) last.to = stretch.to;
    else whole.push(stretch);
  }
  return whole;
}
