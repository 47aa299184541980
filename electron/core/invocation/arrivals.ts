/** The first pieces are all remembered; behind them every n-th, n growing with the answer. */
const EXACT = 1024;
const MOST = 8192;
/** Gaps are counted in steps of 2 %, which is finer than any network repeats itself. */
const STEP = Math.log(1.02);

/** How evenly pieces came: milliseconds between one and the next, half of them shorter and 95 % of them shorter. */
export type Cadence = { pieces: number; p50: number; p95: number };

/**
 * When which byte of an answer had come. Holds a bounded number of marks for an answer of any length, exact at its
 * beginning, where the first sound is.
 */
export class Arrivals {
  #marks: { piece: number; offset: number; at: number }[] = [];
  #every = 1;
  readonly #gaps = new Map<number, number>();
  #pieces = 0;
  #last: number | undefined;

  /** `received` bytes have come at `at` (milliseconds, of any one clock). */
  note(received: number, at: number): void {
    this.#pieces += 1;
    if (this.#last !== undefined) {
      const step = Math.round(Math.log(Math.max(at - this.#last, 0.01)) / STEP);
      this.#gaps.set(step, (this.#gaps.get(step) ?? 0) + 1);
    }
    this.#last = at;
    const piece = this.#pieces;
    if (!this.#isKept(piece)) return;
    this.#marks.push({ piece, offset: received, at });
    if (this.#marks.length <= MOST) return;
    this.#every *= 2;
    this.#marks = this.#marks.filter((mark) => this.#isKept(mark.piece));
  }

  #isKept(piece: number): boolean {
    return piece <= EXACT || piece % this.#every === 0;
  }

  /** When the first `bytes` bytes had all come, as nearly as is remembered; undefined when that is not known. */
  timeOf(bytes: number): number | undefined {
    let from = 0;
    for (let to = this.#marks.length; from < to;) {
      const middle = (from + to) >> 1;
      if ((this.#marks[middle]?.offset ?? 0) >= bytes) to = middle;
      else from = middle + 1;
    }
    return this.#marks[from]?.at;
  }

  /** Undefined while there are no two pieces. */
  cadence(): Cadence | undefined {
    const total = this.#pieces - 1;
    if (total < 1) return undefined;
    const steps = [...this.#gaps].toSorted(([a], [b]) => a - b);
    const quantile = (share: number): number => {
      let seen = 0;
      const step = steps.find(([, count]) => (seen += count) >= share * total)?.[0] ?? 0;
      return Math.round(Math.exp(step * STEP) * 10) / 10;
    };
    return { pieces: this.#pieces, p50: quantile(0.5), p95: quantile(0.95) };
  }
}
