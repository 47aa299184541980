import { SoundpostError } from '../soundpost-error.ts';

/** More at once would only share the same network and crowd the list. */
const MOST_AT_ONCE = 6;

/** The runs in flight: their ids, and the way to cancel each. Beyond six at once they wait in order. */
export class Running {
  readonly #controllers = new Map<string, AbortController>();
  readonly #queue: (() => void)[] = [];
  readonly #works = new Set<Promise<unknown>>();
  #active = 0;

  /** Runs `work` when there is room. @throws SoundpostError `invalid_request` when the id is in flight already */
  start<T>(
    runId: string,
    work: (signal: AbortSignal) => Promise<T>,
    onQueued: () => void,
  ): Promise<T> {
    const whole = this.#start(runId, work, onQueued).finally(() => this.#works.delete(whole));
    this.#works.add(whole);
    return whole;
  }

  has(runId: string): boolean {
    return this.#controllers.has(runId);
  }

  /** Does nothing when the run is over. */
  cancel(runId: string): void {
    this.#controllers.get(runId)?.abort(cancelled());
  }

  /** Cancels all there are, and resolves when each of them has ended. */
  async cancelAll(): Promise<void> {
    for (const controller of this.#controllers.values()) controller.abort(cancelled());
    await Promise.allSettled(this.#works);
  }

  async #start<T>(
    runId: string,
    work: (signal: AbortSignal) => Promise<T>,
    onQueued: () => void,
  ): Promise<T> {
    if (this.#controllers.has(runId)) {
      throw new SoundpostError('invalid_request', 'A run with that id is in flight already.');
    }
    const controller = new AbortController();
    this.#controllers.set(runId, controller);
    try {
      if (this.#active >= MOST_AT_ONCE) {
        onQueued();
        await this.#turn(controller.signal);
      }
      this.#active += 1;
      try {
        return await work(controller.signal);
      } finally {
        this.#active -= 1;
        this.#queue.shift()?.();
      }
    } finally {
      this.#controllers.delete(runId);
    }
  }

  /** Resolves at this run's turn, or when it is cancelled: `work` then finds its signal aborted. */
  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push(resolve);
      signal.addEventListener('abort', () => {
        const place = this.#queue.indexOf(resolve);
        if (place >= 0) this.#queue.splice(place, 1);
        resolve();
      });
    });
  }
}

const cancelled = (): SoundpostError =>
  new SoundpostError('cancelled', 'You cancelled the run. What had come is kept.');
