/** A stream at the pace of its sound brings something within this time. Milliseconds. */
const BRIEF = 100;

/**
 * Where readers of growing answers wait for more. A browser has six connections to a host over HTTP/1.1: were all of them
 * held by readers with nothing to read, no other reader and no other request would come through. So there are few places.
 * Who comes to a full room waits briefly, and sends away the one that has waited longest, unless that has only just come.
 */
export class WaitingRoom {
  readonly #places: number;
  readonly #brief: number;
  /** Who waits and since when, in the order of their coming. */
  readonly #waiting = new Map<() => void, number>();

  constructor(places = 4, brief = BRIEF) {
    this.#places = places;
    this.#brief = brief;
  }

  get isFull(): boolean {
    return this.#waiting.size >= this.#places;
  }

  /** Resolves when `something` has come, after `patience` milliseconds, or when the place is needed. */
  async wait(something: Promise<unknown>, patience: number): Promise<void> {
    const now = performance.now();
    const { promise: enough, resolve: leave } = Promise.withResolvers<undefined>();
    const go = (): void => {
      this.#waiting.delete(go);
      leave(undefined);
    };
    const timer = setTimeout(go, this.isFull ? Math.min(patience, this.#brief) : patience);
    const [longest] = this.#waiting;
    if (this.isFull && longest && now - longest[1] >= this.#brief) longest[0]();
    this.#waiting.set(go, now);
    await Promise.race([something, enough]);
    clearTimeout(timer);
    this.#waiting.delete(go);
  }
}
