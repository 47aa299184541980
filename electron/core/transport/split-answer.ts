import { firstLargeBytes } from '../codec/large-bytes.ts';
import { JoinedSlices, type FileSlice, type SliceableBytes } from '../files/byte-source.ts';
import { AnswerFile, type AnswerSink } from './answer-file.ts';

/** Smaller bytes values are copied out of an answer in no time. */
const LARGE = 1024 * 1024;
/** The header of a large value that does not begin in these first bytes is not looked for. */
const MOST_HEAD = 64 * 1024;

type Paths = { rest: string; apart: string };

/**
 * An answer on its way to disk whose first large bytes value gets a file of its own, so that it can be handed on by name
 * instead of being written twice. All other bytes go to `rest`, in order.
 */
export class SplitAnswer implements AnswerSink {
  received = 0;
  readonly #paths: Paths;
  readonly #rest: AnswerFile;
  #apart: AnswerFile | null = null;
  /** The first bytes, while it is not known yet where a large value begins. */
  #head: Uint8Array | null = new Uint8Array();
  #split = { offset: Infinity, length: 0 };

  private constructor(paths: Paths, rest: AnswerFile) {
    this.#paths = paths;
    this.#rest = rest;
  }

  /** @throws SoundpostError `disk_full`, `disk_error` */
  static async create(paths: Paths): Promise<SplitAnswer> {
    return new SplitAnswer(paths, await AnswerFile.create(paths.rest));
  }

  async take(bytes: Uint8Array): Promise<void> {
    const at = this.received;
    this.received += bytes.length;
    if (this.#head === null) return this.#route(bytes, at);
    this.#head = Buffer.concat([this.#head, bytes]);
    const found = firstLargeBytes(this.#head, LARGE);
    if (found === 'more' && this.#head.length < MOST_HEAD) return;
    const head = this.#head;
    this.#head = null;
    if (found !== null && found !== 'more') {
      this.#split = found;
      this.#apart = await AnswerFile.create(this.#paths.apart, 0o666);
    }
    await this.#route(head, 0);
  }

  /** Writes what is left and closes. @throws SoundpostError */
  async close(): Promise<void> {
    try {
      if (this.#head) await this.#rest.take(this.#head);
      this.#head = null;
    } finally {
      try {
        await this.#rest.close();
      } finally {
        await this.#apart?.close();
      }
    }
  }

  /** The whole answer, once it is closed. */
  get bytes(): SliceableBytes {
    const rest = this.#rest.bytes;
    if (this.#apart === null) return rest;
    const { offset } = this.#split;
    return new JoinedSlices([
      rest.slice(0, offset),
      this.#apart.bytes,
      rest.slice(offset, rest.size - offset),
    ]);
  }

  async #route(bytes: Uint8Array, at: number): Promise<void> {
    const start = Math.min(Math.max(this.#split.offset - at, 0), bytes.length);
    const end = Math.min(
      Math.max(this.#split.offset + this.#split.length - at, start),
      bytes.length,
    );
    if (start > 0) await this.#rest.take(bytes.subarray(0, start));
    if (end > start) await this.#apart?.take(bytes.subarray(start, end));
    if (end < bytes.length) await this.#rest.take(bytes.subarray(end));
  }
}

/** A split answer that was written by a program that ended since. */
export async function readSplit(rest: FileSlice, apart: FileSlice): Promise<SliceableBytes> {
  const found = firstLargeBytes(await rest.read(0, MOST_HEAD), LARGE);
  if (found === null || found === 'more') return rest;
  const { offset } = found;
  return new JoinedSlices([
    rest.slice(0, offset),
    apart,
    rest.slice(offset, Math.max(0, rest.size - offset)),
  ]);
}
