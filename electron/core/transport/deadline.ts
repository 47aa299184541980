import type { Limits } from '../../contract/intent.ts';
import { SoundpostError, type Again } from '../soundpost-error.ts';

/** How long each part of an exchange may take, in milliseconds. */
export type Deadlines = {
  connect: number;
  /** Without the socket taking a byte of the body. */
  uploadStall: number;
  /** From the last byte sent to the answer's first. */
  firstByte: number;
  /** Between two pieces of the answer. */
  idle: number;
  /** The whole run; Infinity for none. */
  total: number;
};

const defaultDeadlines: Deadlines = {
  connect: 30_000,
  uploadStall: 120_000,
  // Baseten holds a request for up to 1200 s while a deployment starts; ours ends only after theirs would.
  firstByte: 1_260_000,
  // Truss closes a stream that yields nothing for 60 s by default, but a model may set that higher.
  idle: 600_000,
  total: Infinity,
};

/** The user's limits, in seconds there, with the defaults for what is not limited. */
export function deadlinesFor({ connect, firstByte, idle, total }: Limits = {}): Deadlines {
  const milliseconds = (limit: number | undefined, otherwise: number): number =>
    limit === undefined ? otherwise : limit * 1000;
  return {
    connect: milliseconds(connect, defaultDeadlines.connect),
    uploadStall: milliseconds(idle, defaultDeadlines.uploadStall),
    firstByte: milliseconds(firstByte, defaultDeadlines.firstByte),
    idle: milliseconds(idle, defaultDeadlines.idle),
    total: milliseconds(total, defaultDeadlines.total),
  };
}

/** Milliseconds in words, as in `30 s`. */
export const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 100) / 10} s`;

/** Timers over 2^31-1 ms fire at once in Node.js. */
const LONGEST = 2 ** 31 - 1;

/** One clock that is set anew for each part of an exchange. When it runs out, `signal` aborts with the reason in words. */
export class Deadline {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  set(milliseconds: number, message: string, again?: Again): void {
    clearTimeout(this.#timer);
    if (milliseconds > LONGEST) return;
    this.#timer = setTimeout(() => {
      this.#controller.abort(new SoundpostError('timed_out', message, { again }));
    }, milliseconds);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
