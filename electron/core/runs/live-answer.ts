import type { ByteSource } from '../files/byte-source.ts';
import { WaitingRoom } from './waiting-room.ts';

/** What a reader of a growing answer gets: bytes from where it asked, and how things stand. */
export type LiveBytes = {
  /** Empty when nothing more came in time, or nothing more will. */
  bytes: Uint8Array;
  /** Bytes of the answer that can be read so far. */
  received: number;
  /** The answer has ended, well or not, and these bytes reach its end. */
  isComplete: boolean;
};

/**
 * An answer that is read while it grows. Readers pull: each asks for what it has room for, at its own pace, and nothing
 * that a reader does or leaves undone holds up the answer on its way to disk.
 */
export class LiveAnswer {
  /** The bytes that are on disk by now. */
  readonly #now: () => ByteSource;
  #hasEnded = false;
  #next = Promise.withResolvers<undefined>();

  constructor(now: () => ByteSource) {
    this.#now = now;
  }

  /** To be called when there is more. */
  readonly grew = (): void => {
    this.#next.resolve(undefined);
    this.#next = Promise.withResolvers();
  };

  /** To be called when no more will come. */
  end(): void {
    this.#hasEnded = true;
    this.grew();
  }

  /**
   * At most `most` bytes from `offset` on; waits up to `patience` milliseconds while there are none, or shorter when others
   * need its place in `room`.
   */
  async read(
    offset: number,
    most: number,
    patience: number,
    room = new WaitingRoom(),
  ): Promise<LiveBytes> {
    if (!this.#hasEnded && this.#now().size <= offset) {
      await room.wait(this.#next.promise, patience);
    }
    // Asked before the bytes: what has ended by now can't grow while they are read.
    const hasEnded = this.#hasEnded;
    const source = this.#now();
    const bytes = offset < source.size ? await source.read(offset, most) : new Uint8Array();
    return {
      bytes,
      received: source.size,
      isComplete: hasEnded && offset + bytes.length >= source.size,
    };
  }
}
