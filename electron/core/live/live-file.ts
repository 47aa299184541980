import type { FileSlice } from '../files/byte-source.ts';
import { LiveAnswer } from '../runs/live-answer.ts';
import { AnswerFile } from '../transport/answer-file.ts';

/** A file that can be followed while it grows. */
export class LiveFile {
  readonly answer: LiveAnswer;
  /** Bytes taken so far, written or about to be. */
  size = 0;
  readonly #file: AnswerFile;
  #isClosed = false;

  private constructor(file: AnswerFile) {
    this.#file = file;
    this.answer = new LiveAnswer(() => file.bytes);
    file.onWritten = this.answer.grew;
  }

  /** @throws SoundpostError `disk_full`, `disk_error` */
  static async create(path: string): Promise<LiveFile> {
    return new LiveFile(await AnswerFile.create(path));
  }

  /** Resolves when more may come. @throws SoundpostError */
  async take(bytes: Uint8Array): Promise<void> {
    this.size += bytes.length;
    await this.#file.take(bytes);
  }

  /** Writes what is left. Readers then find its end. @throws SoundpostError */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.#file.close();
    } finally {
      this.answer.end();
    }
  }

  get bytes(): FileSlice {
    return this.#file.bytes;
  }
}
