import { ByteQueue } from './byte-queue.ts';
import { FRAME_HEADER_BYTES, id3Length, mpegFrame, type MpegFrame } from './mpeg-frame.ts';

/** `offset`: where in the stream the frame begins. */
export type SplitFrame = MpegFrame & { bytes: Uint8Array<ArrayBuffer>; offset: number };

/** After so much without a frame of the first one's identity, the stream is taken to have changed: 64 KiB is 4 s at 128 kb/s. */
const LOST_AFTER_BYTES = 65_536;

/**
 * Cuts a stream of MP3 or ADTS into frames, in whatever pieces it comes. A tag before the first frame is stepped over.
 * While frames follow one another each is given as soon as it is whole; after damage, one counts only with another behind it.
 */
export class MpegSplitter {
  #queue: ByteQueue;
  #identity: string | null = null;
  #isSynced = false;
  #skipped = 0;

  constructor(offset = 0) {
    this.#queue = new ByteQueue(offset);
  }

  /** The frames that `bytes` complete. */
  *push(bytes: Uint8Array): Generator<SplitFrame> {
    this.#queue.append(bytes);
    if (this.#queue.offset === 0 && !this.#stepOverTag()) return;
    yield* this.#frames(false);
  }

  /** The frames that were waiting for one behind them, now that nothing more comes. */
  *end(): Generator<SplitFrame> {
    yield* this.#frames(true);
  }

  /** Goes on from a frame's `offset`, as the same stream. */
  resume(offset: number): void {
    this.#queue = new ByteQueue(offset);
    this.#isSynced = offset > 0;
  }

  /** False while there are too few bytes to know. */
  #stepOverTag(): boolean {
    const { bytes } = this.#queue;
    const isTagSoFar = [0x49, 0x44, 0x33].every((byte, at) => (bytes[at] ?? byte) === byte);
    if (isTagSoFar && bytes.length < 10) return false;
    this.#queue.skip(id3Length(bytes));
    return true;
  }

  *#frames(isEnd: boolean): Generator<SplitFrame> {
    for (;;) {
      const frame = this.#next(isEnd);
      if (!frame) return;
      const { offset } = this.#queue;
      const bytes = this.#queue.take(frame.length);
      if (!bytes) return;
      this.#identity = frame.identity;
      this.#isSynced = true;
      this.#skipped = 0;
      yield { ...frame, bytes, offset };
    }
  }

  /** The next frame, with the queue standing at it; null when more bytes must come first. */
  #next(isEnd: boolean): MpegFrame | null {
    const { bytes } = this.#queue;
    let at = 0;
    let found: MpegFrame | null = null;
    for (; at + FRAME_HEADER_BYTES <= bytes.length; at += 1) {
      const verdict = this.#judge(bytes, at, isEnd);
      if (verdict === 'wait') break;
      if (verdict) {
        found = verdict;
        break;
      }
      this.#isSynced = false;
      this.#skipped += 1;
      if (this.#skipped > LOST_AFTER_BYTES) this.#identity = null;
    }
    this.#queue.skip(at);
    return found;
  }

  #judge(bytes: Uint8Array, at: number, isEnd: boolean): MpegFrame | 'wait' | null {
    const frame = mpegFrame(bytes, at);
    if (!frame || (this.#identity !== null && frame.identity !== this.#identity)) return null;
    const end = at + frame.length;
    if (bytes.length < end) return isEnd ? null : 'wait';
    if (this.#isSynced || (isEnd && bytes.length === end)) return frame;
    if (bytes.length < end + FRAME_HEADER_BYTES) return isEnd ? null : 'wait';
    return mpegFrame(bytes, end)?.identity === frame.identity ? frame : null;
  }
}
