import { randomUUID } from 'node:crypto';

/** Milliseconds that a key waits for an answer. */
const HELD = 5 * 60_000;

/** The key that stood in what was pasted last, until the user says what becomes of it. In memory alone. */
export class FoundKeys {
  #held: { token: string; key: string; timer: NodeJS.Timeout } | null = null;

  /** Forgets the one before. */
  hold(key: string): { token: string; last4: string } {
    this.forget();
    const token = randomUUID();
    const timer = setTimeout(() => {
      this.forget();
    }, HELD);
    timer.unref();
    this.#held = { token, key, timer };
    return { token, last4: key.slice(-4) };
  }

  /** The key; null when it was forgotten. */
  get(token: string): string | null {
    return this.#held?.token === token ? this.#held.key : null;
  }

  forget(): void {
    clearTimeout(this.#held?.timer);
    this.#held = null;
  }
}
