import { setImmediate as turn } from 'node:timers/promises';

/** Work that is left when a run has ended, one piece a run. Nobody waits for it but whoever ends the program. */
export class Afterwards {
  readonly #runs = new Set<string>();
  readonly #works = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  readonly #log: (error: unknown) => void;
  readonly #onDone: (runId: string) => Promise<void>;

  /** `onDone` belongs to the work too. */
  constructor(log: (error: unknown) => void, onDone: (runId: string) => Promise<void>) {
    this.#log = log;
    this.#onDone = onDone;
  }

  /** Begins when this turn of the event loop is over: the outcome goes first. */
  add(runId: string, work: (signal: AbortSignal) => Promise<void>): void {
    this.#runs.add(runId);
    const whole = this.#do(runId, work).finally(() => this.#works.delete(whole));
    this.#works.add(whole);
  }

  /** Whether the run's work is still to be done. */
  has(runId: string): boolean {
    return this.#runs.has(runId);
  }

  /** Says that it is time to end, and resolves when all works have. */
  async close(): Promise<void> {
    this.#ending.abort();
    while (this.#works.size > 0) await Promise.all(this.#works);
  }

  async #do(runId: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await turn();
      await work(this.#ending.signal);
    } catch (error) {
      this.#log(error);
    }
    this.#runs.delete(runId);
    await this.#onDone(runId).catch(this.#log);
  }
}
