import { open, type FileHandle } from 'node:fs/promises';
import { FileSlice, type SliceableBytes } from '../files/byte-source.ts';
import { unwritable } from '../files/replace-file.ts';

/** Small network reads are gathered to writes of about this size. */
const WRITE_BYTES = 1024 * 1024;

/** Takes an answer's bytes as they come, and gives them back as one when it is closed. */
export type AnswerSink = {
  /** Bytes taken so far. */
  readonly received: number;
  take(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  readonly bytes: SliceableBytes;
};

/**
 * An answer's bytes on their way to disk, in the order they come and exactly as they come. Gathers small pieces, and
 * writes what it has whenever the previous write is done, so that a slow stream is on disk at once too.
 */
export class AnswerFile implements AnswerSink {
  /** Bytes taken so far, written or about to be. */
  received = 0;
  /** Bytes that are in the file: fewer than were taken when the disk is full. */
  written = 0;
  /** Called when more bytes are on disk. */
  onWritten: () => void = () => undefined;
  readonly #path: string;
  readonly #file: FileHandle;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | null = null;
  #failure: unknown = null;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** `mode` is before the umask; private by default. @throws SoundpostError `disk_full`, `disk_error` */
  static async create(path: string, mode = 0o600): Promise<AnswerFile> {
    try {
      return new AnswerFile(path, await open(path, 'wx', mode));
    } catch (error) {
      throw unwritable(error);
    }
  }

  /**
   * Takes the bytes for its own, memory and all. Resolves when more may come: at once, or after a write when too much
   * waits. @throws SoundpostError
   */
  async take(bytes: Uint8Array): Promise<void> {
    this.#throwFailure();
    this.received += bytes.length;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#writing ??= this.#drain();
    if (this.#waitingBytes > 4 * WRITE_BYTES) {
      await this.#writing;
      this.#throwFailure();
    }
  }

  /** Writes what is left and closes, also when an earlier write failed. @throws SoundpostError */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
    this.#throwFailure();
  }

  get bytes(): FileSlice {
    return new FileSlice(this.#path, 0, this.written);
  }

  async #drain(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const pieces = this.#waiting;
        const expected = this.#waitingBytes;
        this.#waiting = [];
        this.#waitingBytes = 0;
        const { bytesWritten } = await this.#file.writev(pieces);
        this.written += bytesWritten;
        // On a full disk a write may stop short without an error; the rest then says why.
        if (bytesWritten < expected) await this.#rest(pieces, bytesWritten);
        this.onWritten();
        giveBack(pieces);
      }
    } catch (error) {
      this.#failure = error;
    }
    this.#writing = null;
  }

  async #rest(pieces: Uint8Array[], written: number): Promise<void> {
    let skip = written;
    for (const piece of pieces) {
      if (skip < piece.length) {
        const rest = piece.subarray(skip);
        await this.#file.writeFile(rest);
        this.written += rest.length;
      }
      skip = Math.max(0, skip - piece.length);
    }
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw unwritable(this.#failure);
  }
}

/**
 * Frees the memory of pieces that are on disk. The garbage collector would come for it only after some hundred megabytes,
 * and work as long as the disk does. A piece of something larger is left alone.
 */
function giveBack(pieces: readonly Uint8Array[]): void {
  for (const { buffer, byteLength } of pieces) {
    if (buffer.byteLength === byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0);
  }
}
