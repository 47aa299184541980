/**
 * Taps a side and output sample at the lower of both rates. With a Kaiser window of beta 9 the images and aliases stay
 * 90 dB below, with the last tenth of the band in the transition.
 */
const HALF_TAPS = 32;
const KAISER_BETA = 9;
const PASS_BAND = 0.9;

/** What Web Audio runs at everywhere; other rates go up or down by a whole factor first. Hz. */
const LOWEST = 8000;
const HIGHEST = 96_000;

/** By which whole number a stream's rate goes up or down to be one that a sound device takes. */
export type RateChange = { up: number; down: number };

export function rateChangeFor(sampleRate: number): RateChange {
  return {
    up: Math.max(1, Math.ceil(LOWEST / sampleRate)),
    down: Math.max(1, Math.ceil(sampleRate / HIGHEST)),
  };
}

/** One channel going up or down by a whole factor through a windowed sinc, in pieces of any length, without delay. */
export class Resampler {
  readonly #change: RateChange;
  readonly #taps: Float32Array;
  /** Input frames that the filter reaches to either side. */
  readonly #reach: number;
  #input: Float32Array;
  /** Which input frame, and which of its outputs, comes next; counted from the start of `#input`. */
  #next: number;

  constructor(change: RateChange) {
    this.#change = change;
    const { up, down } = change;
    this.#reach = HALF_TAPS * down;
    this.#taps = windowedSinc(HALF_TAPS * Math.max(up, down), PASS_BAND / Math.max(up, down), up);
    this.#input = new Float32Array(this.#reach);
    this.#next = this.#reach * up;
  }

  /** The output that `samples` make ready. */
  push(samples: Float32Array): Float32Array<ArrayBuffer> {
    const { up, down } = this.#change;
    const input = new Float32Array(this.#input.length + samples.length);
    input.set(this.#input);
    input.set(samples, this.#input.length);
    // Positions count in steps of the rate `up` times the input's.
    const end = (input.length - this.#reach) * up;
    const count = Math.max(0, Math.ceil((end - this.#next) / down));
    const output = new Float32Array(count);
    for (let index = 0; index < count; index += 1) {
      output[index] = this.#at(input, this.#next + index * down);
    }
    this.#next += count * down;
    const drop = Math.max(0, Math.floor(this.#next / up) - this.#reach);
    this.#input = input.subarray(drop);
    this.#next -= drop * up;
    return output;
  }

  /** The output that was waiting for what comes behind it. */
  end(): Float32Array<ArrayBuffer> {
    return this.push(new Float32Array(this.#reach));
  }

  #at(input: Float32Array, position: number): number {
    const { up } = this.#change;
    const middle = (this.#taps.length - 1) / 2;
    const nearest = Math.floor(position / up);
    const phase = position - nearest * up;
    let total = 0;
    for (let frame = nearest - this.#reach + 1; frame <= nearest + this.#reach; frame += 1) {
      const tap = this.#taps[middle + phase - (frame - nearest) * up] ?? 0;
      total += (input[frame] ?? 0) * tap;
    }
    return total;
  }
}

/** `2 * half + 1` taps of a low-pass whose cut-off is `cutoff` of half the rate, with the gain `gain`. */
function windowedSinc(half: number, cutoff: number, gain: number): Float32Array {
  const taps = Float32Array.from({ length: 2 * half + 1 }, (_, index) => {
    const x = index - half;
    const angle = Math.PI * x * cutoff;
    const sinc = x === 0 ? 1 : Math.sin(angle) / angle;
    return cutoff * sinc * bessel(KAISER_BETA * Math.sqrt(Math.max(0, 1 - (x / half) ** 2)));
  });
  // What the window takes off is given back, so that a constant stays itself.
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => (tap * gain) / sum);
}

/** The modified Bessel function of the first kind and order 0. */
function bessel(x: number): number {
  let total = 1;
  let term = 1;
  for (let k = 1; term > total * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    total += term;
  }
  return total;
}
