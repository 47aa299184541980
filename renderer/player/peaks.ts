/** The outline of a sound: the lowest and highest sample (signed 16-bit) of each bucket of `framesPerBucket` frames. */
export type Peaks = {
  low: Int16Array;
  high: Int16Array;
  framesPerBucket: number;
};

const FIRST_BUCKET_FRAMES = 256;

/**
 * Enough for three device pixels a bucket on a wide screen. Beyond it neighbours are merged, so that memory and messages
 * stay the same size for a second and for a day of sound.
 */
const BUCKET_LIMIT = 16_384;

/** Gathers peaks from samples as they are decoded, in memory that does not grow with the sound's length. */
export class PeaksBuilder {
  #low: Int16Array;
  #high: Int16Array;
  #count = 0;
  #framesPerBucket = FIRST_BUCKET_FRAMES;
  #framesInBucket = 0;
  #frames = 0;

  constructor(bucketLimit = BUCKET_LIMIT) {
    this.#low = new Int16Array(bucketLimit);
    this.#high = new Int16Array(bucketLimit);
  }

  /** Frames seen so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Takes `frames` frames of `channels` interleaved samples between -1 and 1. A sample that is no number is silence. */
  add(samples: Float32Array, frames: number, channels: number): void {
    for (let frame = 0; frame < frames;) {
      const taken = Math.min(frames - frame, this.#framesPerBucket - this.#framesInBucket);
      this.#widen(samples, frame * channels, (frame + taken) * channels);
      this.#framesInBucket += taken;
      frame += taken;
      if (this.#framesInBucket === this.#framesPerBucket) this.#nextBucket();
    }
    this.#frames += frames;
  }

  /** A copy of the peaks so far. */
  snapshot(): Peaks {
    const count = this.#count + (this.#framesInBucket > 0 ? 1 : 0);
    return {
      low: this.#low.slice(0, count),
      high: this.#high.slice(0, count),
      framesPerBucket: this.#framesPerBucket,
    };
  }

  #widen(samples: Float32Array, from: number, to: number): void {
    let low = 0;
    let high = 0;
    for (let index = from; index < to; index += 1) {
      const sample = samples[index] ?? 0;
      if (sample < low) low = sample;
      else if (sample > high) high = sample;
    }
    const at = this.#count;
    const lowest = Math.max(-32_768, Math.round(low * 32_767));
    const highest = Math.min(32_767, Math.round(high * 32_767));
    if (lowest < (this.#low[at] ?? 0)) this.#low[at] = lowest;
    if (highest > (this.#high[at] ?? 0)) this.#high[at] = highest;
  }

  #nextBucket(): void {
    this.#framesInBucket = 0;
    this.#count += 1;
    if (this.#count === this.#low.length) this.#halve();
  }

  #halve(): void {
    this.#low = merged(this.#low, Math.min);
    this.#high = merged(this.#high, Math.max);
    this.#count = this.#low.length / 2;
    this.#framesPerBucket *= 2;
  }
}

/** Pairs of neighbours as one each, in the first half; the second half is zero again. */
function merged(values: Int16Array, pick: (a: number, b: number) => number): Int16Array {
  const result = new Int16Array(values.length);
  for (let index = 0; index < values.length / 2; index += 1) {
    result[index] = pick(values[2 * index] ?? 0, values[2 * index + 1] ?? 0);
  }
  return result;
}

/**
 * `bars` heights between 0 and 1 for a sound of `frames` frames; a bar that is not decoded yet is 0. The loudest sample
 * of each bar decides, so that a click is never drawn away.
 */
export function toBars(peaks: Peaks, frames: number, bars: number): Float32Array {
  const heights = new Float32Array(bars);
  const bucketsPerBar = frames / peaks.framesPerBucket / bars;
  for (let bar = 0; bar < bars; bar += 1) {
    const from = Math.floor(bar * bucketsPerBar);
    // At least one bucket, so that a sound shorter than the canvas leaves no gaps.
    const to = Math.max(from + 1, Math.floor((bar + 1) * bucketsPerBar));
    heights[bar] = loudest(peaks, from, Math.min(to, peaks.low.length)) / 32_768;
  }
  return heights;
}

function loudest({ low, high }: Peaks, from: number, to: number): number {
  let most = 0;
  for (let index = from; index < to; index += 1) {
    most = Math.max(most, high[index] ?? 0, -(low[index] ?? 0));
  }
  return most;
}
