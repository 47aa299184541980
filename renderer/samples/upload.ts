import type { Failure } from '../../electron/contract/failure.ts';
import type { Input } from '../../electron/contract/sound.ts';

const PIECE_BYTES = 4 * 1024 * 1024;

/** Main refused what was handed over. */
export class Refused extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Hands bytes over to main piece after piece, each when the one before it has arrived. */
export class Upload {
  readonly #url: string;
  readonly #piece = new Uint8Array(PIECE_BYTES);
  #filled = 0;
  #sent = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws Refused */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const taken = bytes.subarray(at, at + PIECE_BYTES - this.#filled);
      this.#piece.set(taken, this.#filled);
      this.#filled += taken.length;
      at += taken.length;
      if (this.#filled === PIECE_BYTES) await this.#send(false);
    }
  }

  /** Sends what is left. Answers the input that main made of it all. @throws Refused */
  async finish(): Promise<Input> {
    const answer = await this.#send(true);
    return (await answer.json()) as Input;
  }

  async #send(isLast: boolean): Promise<Response> {
    const answer = await fetch(this.#url, {
      method: 'PUT',
      headers: {
        'upload-offset': String(this.#sent),
        'upload-complete': isLast ? '?1' : '?0',
      },
      body: this.#piece.slice(0, this.#filled),
    });
    if (!answer.ok) throw new Refused((await answer.json()) as Failure);
    this.#sent += this.#filled;
    this.#filled = 0;
    return answer;
  }
}
