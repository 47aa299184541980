import type { IncomingMessage } from 'node:http';

/** What may wait in memory before the socket is told to stop. */
const MOST_WAITING = 4 * 1024 * 1024;

/**
 * An answer's bytes from the moment its head is there. Node's streams forget what they hold when the connection breaks;
 * this keeps every byte that came until it was taken, and only then tells of the break.
 */
export class AnswerBody {
  readonly #message: IncomingMessage;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #end: { error: Error | undefined } | null = null;
  #wake: () => void = () => undefined;

  /** Must be made while the `response` event is being handled, before any byte can be missed. */
  constructor(message: IncomingMessage) {
    this.#message = message;
    message.on('data', (chunk: Uint8Array) => {
      this.#waiting.push(chunk);
      this.#waitingBytes += chunk.length;
      if (this.#waitingBytes > MOST_WAITING) message.pause();
      this.#wake();
    });
    message.once('end', () => {
      this.#finish(undefined);
    });
    message.once('error', (error) => {
      this.#finish(error);
    });
    message.once('close', () => {
      this.#finish(new Error('The connection closed before the answer ended.'));
    });
  }

  /** Everything that has come since the last call, waiting for the first of it. Null at a clean end. @throws at a break */
  async next(): Promise<Uint8Array[] | null> {
    if (this.#waiting.length === 0 && this.#end === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#waiting.length > 0) {
      const taken = this.#waiting;
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#message.resume();
      return taken;
    }
    if (this.#end?.error) throw this.#end.error;
    return null;
  }

  #finish(error: Error | undefined): void {
    this.#end ??= { error };
    this.#wake();
  }
}
