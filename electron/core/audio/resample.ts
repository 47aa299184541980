// A windowed-sinc low-pass in polyphase form (Crochiere and Rabiner, Multirate Digital Signal Processing, §4.1; the
// window and its length by Kaiser, 1974). Flat to 0.9 of the lower Nyquist frequency, gone from the Nyquist on.

const STOPBAND_DB = 100;
const KAISER_BETA = 0.1102 * (STOPBAND_DB - 8.7);
/** Both in samples of the lower rate: a transition of 0.05 of that rate, with its middle at 0.95 of the Nyquist. */
const CUTOFF = 0.475;
const TAPS = Math.ceil((STOPBAND_DB - 7.95) / (14.36 * 0.05));
/** Between that many phases to a sample of the lower rate, a straight line errs by less than −110 dB. */
const FINEST_PHASES = 1024;
/** Above it a ratio gets no table of its own phases: 44,101 to 47,999 would need 50 MB. */
const LARGEST_TABLE = 1 << 18;

/** A change of rate with its filter, made once for all channels. Rates in Hz. */
export class RateChange {
  readonly from: number;
  readonly to: number;
  /** `to` and `from` without their common divisor. */
  readonly up: number;
  readonly down: number;
  #filter: Filter | undefined;

  constructor(from: number, to: number) {
    const divisor = greatestCommonDivisor(from, to);
    this.from = from;
    this.to = to;
    this.up = to / divisor;
    this.down = from / divisor;
  }

  get filter(): Filter {
    return (this.#filter ??= filterFor(this.up, this.down));
  }

  /** How many frames `frames` become. */
  length(frames: number): number {
    return Number((BigInt(frames) * BigInt(this.up) + BigInt(this.down) - 1n) / BigInt(this.down));
  }
}

/**
 * Changes the rate of one channel, block after block. Output `m` is the sound at the input's time `m * from / to`: nothing
 * is delayed, and before and after the sound there is silence. At equal rates samples pass as they are.
 */
export class Resampler {
  readonly #change: RateChange;
  /** Input that is still needed; its first sample lies under the filter's first tap for the next output. */
  #held: Float64Array;
  /** How far the next output lies behind an input sample, in parts of `up`. */
  #rest = 0;
  /** Samples of the input to come that the next output has no need of. */
  #skip = 0;
  #taken = 0;
  #given = 0;

  constructor(change: RateChange) {
    this.#change = change;
    this.#held = new Float64Array(change.filter.before);
  }

  /** Takes the next samples and gives those that are ready. What it gives is not touched again. */
  push(samples: Float32Array): Float32Array {
    this.#taken += samples.length;
    if (this.#change.up === this.#change.down) return samples.slice();
    return this.#convert(samples, Infinity);
  }

  /** The samples that are left when the sound is over: in all there were then `resampledLength` of them. */
  finish(): Float32Array {
    const { up, down, filter } = this.#change;
    if (up === down) return new Float32Array(0);
    return this.#convert(
      new Float32Array(filter.taps),
      this.#change.length(this.#taken) - this.#given,
    );
  }

  #convert(samples: Float32Array, most: number): Float32Array {
    const { up, down, filter } = this.#change;
    const wholeStep = Math.floor(down / up);
    const restStep = down % up;
    const input = this.#join(samples);
    const room = Math.max(0, input.length - filter.taps + 1);
    const output = new Float32Array(Math.min(most, Math.ceil((room * up) / down) + 1));
    let at = 0;
    let count = 0;
    for (; at < room && count < most; count += 1) {
      output[count] = filter.apply(input, at, this.#rest / up);
      at += wholeStep;
      this.#rest += restStep;
      if (this.#rest >= up) {
        this.#rest -= up;
        at += 1;
      }
    }
    this.#skip = Math.max(0, at - input.length);
    this.#held = input.slice(at);
    this.#given += count;
    return output.subarray(0, count);
  }

  #join(samples: Float32Array): Float64Array {
    const fresh = samples.subarray(this.#skip);
    this.#skip = Math.max(0, this.#skip - samples.length);
    const input = new Float64Array(this.#held.length + fresh.length);
    input.set(this.#held);
    input.set(fresh, this.#held.length);
    return input;
  }
}

type Filter = {
  taps: number;
  /** How many taps lie on samples before the output's own time. */
  before: number;
  /** The filtered input at the sample `at + before` and `phase`, from 0 to 1, of a sample behind it. */
  apply(input: Float64Array, at: number, phase: number): number;
};

function filterFor(up: number, down: number): Filter {
  /** Input samples for each sample of the lower rate. */
  const stretch = Math.max(1, down / up);
  const half = Math.ceil((TAPS / 2) * stretch);
  const taps = 2 * half;
  const isExact = up * taps <= LARGEST_TABLE;
  const phases = isExact ? up : Math.ceil(FINEST_PHASES / stretch);
  // One row more, for the line from the last phase to the next sample.
  const rows = new Float64Array((phases + 1) * taps);
  for (let phase = 0; phase <= phases; phase += 1) {
    fillRow(rows.subarray(phase * taps, (phase + 1) * taps), phase / phases, stretch);
  }
  const dot = (row: number, input: Float64Array, at: number): number => {
    const start = row * taps;
    let even = 0;
    let odd = 0;
    for (let tap = 0; tap < taps; tap += 2) {
      even += (rows[start + tap] as number) * (input[at + tap] as number);
      odd += (rows[start + tap + 1] as number) * (input[at + tap + 1] as number);
    }
    return even + odd;
  };
  return {
    taps,
    before: half - 1,
    apply: isExact
      ? (input, at, phase) => dot(Math.round(phase * phases), input, at)
      : (input, at, phase) => {
          const row = Math.floor(phase * phases);
          const share = phase * phases - row;
          return (1 - share) * dot(row, input, at) + share * dot(row + 1, input, at);
        },
  };
}

/** One phase of the low-pass, with a sum of 1, so that a constant stays what it is. */
function fillRow(row: Float64Array, phase: number, stretch: number): void {
  const half = row.length / 2;
  const values = Array.from(row, (_, tap) => {
    const time = (tap - (half - 1) - phase) / stretch;
    return sinc(2 * CUTOFF * time) * kaiser((2 * time) / TAPS);
  });
  const sum = values.reduce((total, value) => total + value, 0);
  row.set(values.map((value) => value / sum));
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** The window at `x` from -1 to 1, and 0 outside. */
const kaiser = (x: number): number =>
  Math.abs(x) > 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);

/** The modified Bessel function of the first kind and order 0. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
