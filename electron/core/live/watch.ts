import type { Pcm } from '../../contract/intent.ts';
import type { FileSlice } from '../files/byte-source.ts';
import type { Arrivals } from '../invocation/arrivals.ts';
import { isJsonLine, LONGEST_EVENT } from '../invocation/event-start.ts';
import type { EventParser, StreamEvent } from '../invocation/event-stream.ts';
import { isEndMark, named, readEvent } from '../invocation/event-values.ts';
import { LOOKED_AT, type Said } from '../invocation/headerless.ts';
import type { LiveAnswer } from '../runs/live-answer.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { EventFollowers } from './event-followers.ts';
import { judge, type Judgement } from './judge.ts';

/** The sound that was decoded out of events: `key` is the place it came from, as `keyOf` gives it. */
export type HeardInEvents = {
  key: string;
  /** It is one file of the answer, not several behind each other. */
  isOneFile: boolean;
  /** It is the decoded pieces exactly as they came. */
  isExact: boolean;
  source: FileSlice;
  /** When its bytes came. */
  arrivals: Arrivals;
  pcm: Pcm | undefined;
};

/** What of a stream could be heard while it came: its own bytes, or those that its events carry. */
export type Heard = { from: 'answer' } | ({ from: 'events' } & HeardInEvents);

export type WatchOptions = {
  /** The stream as it comes to disk. */
  answer: LiveAnswer;
  said: Said;
  folder: RunFolder;
  /** When its bytes came. */
  arrivals: Arrivals;
  /** Milliseconds from the run's start. */
  elapsed: () => number;
  /** Called as soon as something can be followed, and again when it is known better how to read it. */
  offer: (
    what: 'sound' | 'words',
    answer: LiveAnswer,
    reading?: { pcm?: Pcm; isGuess?: true },
  ) => void;
  log: (error: unknown) => void;
};

const WINDOW_BYTES = 256 * 1024;
/** Milliseconds; a stream that grows wakes whoever waits at once. */
const PATIENCE = 60_000;

/**
 * Judges a stream while it comes, and offers its sound and its words to be followed. It reads what is on disk already, at its own
 * pace and with little memory, so nothing here holds up or harms the answer: at worst nothing is heard before the end.
 */
export class Watch {
  /** Resolves when all that came has been looked at. Never rejects. */
  readonly done: Promise<void>;
  heard: Heard | undefined;
  readonly #options: WatchOptions;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.done = this.#watch().catch((error: unknown) => {
      // A fault of the disk is the run's own, which tells it.
      const isOfDisk = error instanceof SoundpostError || (error as { syscall?: string }).syscall;
      if (!isOfDisk) options.log(error);
    });
  }

  async #watch(): Promise<void> {
    const { answer, offer } = this.#options;
    const judgement = await this.#judgement();
    if (judgement.is === 'words') {
      offer('words', answer);
    } else if (judgement.is === 'sound') {
      this.heard = { from: 'answer' };
      const { pcm, isGuess } = judgement;
      offer('sound', answer, { ...(pcm ? { pcm } : {}), ...(isGuess ? { isGuess } : {}) });
    } else if (judgement.is === 'events') {
      const followers = new EventFollowers(this.#options);
      try {
        for await (const [event, at] of this.#events(judgement)) {
          await followers.take(named(event, readEvent(event).value), at);
        }
      } finally {
        await followers.end();
        const { heard } = followers;
        if (heard) this.heard = { from: 'events', ...heard };
      }
    }
  }

  async #judgement(): Promise<Judgement> {
    const { answer, said } = this.#options;
    for (let head = new Uint8Array(); ;) {
      const { bytes, isComplete } = await answer.read(
        head.length,
        LOOKED_AT - head.length,
        PATIENCE,
      );
      head = Buffer.concat([head, bytes]);
      const judgement = judge(head, isComplete || head.length === LOOKED_AT, said);
      if (judgement !== 'more') return judgement;
      if (isComplete) return { is: 'neither' };
    }
  }

  /** Events as they become whole, each with when its last byte came. Ends early at one that is too long to be held. */
  async *#events({
    parser,
    isCertain,
  }: Extract<Judgement, { is: 'events' }>): AsyncGenerator<[StreamEvent, number]> {
    let first: [StreamEvent, number] | null = null;
    let isKnown = isCertain;
    for await (const [event, at] of this.#parsed(parser)) {
      if (isEndMark(event)) continue;
      if (isKnown) {
        yield [event, at];
      } else if (first === null) {
        if (!isJsonLine(event.data)) return;
        first = [event, at];
      } else {
        if (!/^\s*[[{]/.test(event.data)) return;
        isKnown = true;
        yield first;
        yield [event, at];
      }
    }
  }

  async *#parsed(parser: EventParser): AsyncGenerator<[StreamEvent, number]> {
    const { answer, arrivals, elapsed } = this.#options;
    // Of bytes that are on disk before they are noted, now is when they came.
    const timeOf = (offset: number): number => arrivals.timeOf(offset) ?? elapsed();
    for (let offset = 0, isEnd = false; !isEnd;) {
      const { bytes, isComplete } = await answer.read(offset, WINDOW_BYTES, PATIENCE);
      for (const line of lines(bytes)) {
        offset += line.length;
        const events = parser.push(line);
        for (const event of events) yield [event, timeOf(offset)];
        if (parser.held > LONGEST_EVENT) return;
      }
      isEnd = isComplete;
      if (isEnd) for (const event of parser.end()) yield [event, timeOf(offset)];
    }
  }
}

/** Bytes in pieces that each end with a line, so that it is known where an event ended. */
function* lines(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start) + 1 || bytes.length;
    yield bytes.subarray(start, end);
    start = end;
  }
}
