/** Lets a few things run at a time; the others wait for their turn, in order. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Calls `start` now or when it is its turn. The answered function ends the turn, or leaves the queue. */
  take(start: () => void): () => void {
    let state: 'waiting' | 'running' | 'over' = 'waiting';
    const begin = (): void => {
      state = 'running';
      this.#free -= 1;
      start();
    };
    if (this.#free > 0) begin();
    else this.#waiting.push(begin);

    return () => {
      if (state === 'waiting') this.#waiting.splice(this.#waiting.indexOf(begin), 1);
      if (state === 'running') {
        this.#free += 1;
        this.#waiting.shift()?.();
      }
      state = 'over';
    };
  }
}
