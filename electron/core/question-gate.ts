import { SoundpostError } from './soundpost-error.ts';

/** More than anybody answers by hand. */
const MOST = 10;
/** Milliseconds */
const WITHIN = 10_000;

/**
 * Who may put a dialog before the user: one at a time, and only so many in a while. The page asks for dialogs, and one that a
 * stranger's script got into must not bury the user under them until one is agreed to by mistake.
 */
export class QuestionGate {
  readonly #now: () => number;
  #isOpen = false;
  #asked: number[] = [];

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws SoundpostError `invalid_request` when another question is open, or there were too many */
  async ask<T>(question: () => Promise<T>): Promise<T> {
    if (this.#isOpen) throw refused('Another question is open. Answer that one first.');
    const now = this.#now();
    this.#asked = this.#asked.filter((at) => now - at < WITHIN);
    if (this.#asked.length >= MOST) {
      throw refused('There were too many questions one after the other. Wait a few seconds.');
    }
    this.#asked.push(now);
    this.#isOpen = true;
    try {
      return await question();
    } finally {
      this.#isOpen = false;
    }
  }
}

const refused = (message: string): SoundpostError => new SoundpostError('invalid_request', message);
