/** Milliseconds: how often, and how long at most; Baseten gives a wake ten minutes. */
const EVERY = 3000;
const LONGEST = 10 * 60_000;

/** Models that are looked at again and again until they are up: one timer each, and none when nothing is awaited. */
export class Follow {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #log: (error: unknown) => void;

  constructor(log: (error: unknown) => void) {
    this.#log = log;
  }

  /** Looks until `isComing` says no, or cannot say. Starting again begins the time anew. */
  start(id: string, isComing: () => Promise<boolean>): void {
    this.#next(id, isComing, Date.now() + LONGEST);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #next(id: string, isComing: () => Promise<boolean>, until: number): void {
    clearTimeout(this.#timers.get(id));
    const timer = setTimeout(() => {
      isComing().then(
        (goesOn) => {
          // Another one may have been started, or all have been ended, while this one looked.
          if (this.#timers.get(id) !== timer) return;
          if (goesOn && Date.now() < until) this.#next(id, isComing, until);
          else this.#timers.delete(id);
        },
        (error: unknown) => {
          this.#timers.delete(id);
          this.#log(error);
        },
      );
    }, EVERY);
    this.#timers.set(id, timer);
  }
}
