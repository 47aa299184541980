import { randomBytes } from 'node:crypto';
import { mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputValue } from '../../contract/run.ts';
import { FileSlice, MemoryBytes } from '../files/byte-source.ts';
import { makeDirectory, replaceFile, unwritable } from '../files/replace-file.ts';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';
import { readRecord, RECORD } from './read-record.ts';
import type { RunRecord } from './run-record.ts';

/** A record is read whole, so it stays small: the 16 MiB of a decoded message, and what is around it. In UTF-16 units. */
const LARGEST_RECORD = 20 * 1024 * 1024;
/** What must stay free for the rest of the computer. */
const RESERVE_BYTES = 64 * 1024 * 1024;

/** One run's folder: the answer as received, the parts that had to be transformed, and `run.json`, the truth about it. */
export class RunFolder {
  readonly path: string;
  readonly #prefix: string;
  #transformed = 0;

  private constructor(path: string, prefix = '') {
    this.path = path;
    this.#prefix = prefix;
  }

  /**
   * The folder of a run that ended, to take its answer apart again. Its transformed parts get names that nobody has, as
   * two processes may do this at once.
   */
  static again(path: string): RunFolder {
    return new RunFolder(path, `${randomBytes(6).toString('hex')}-`);
  }

  /** Makes the folder, private to this account. @throws SoundpostError `invalid_request`, `disk_full`, `disk_error` */
  static async create(runsDirectory: string, runId: string): Promise<RunFolder> {
    const path = join(runsDirectory, runId);
    await makeDirectory(runsDirectory);
    try {
      await mkdir(path, { mode: 0o700 });
    } catch (error) {
      if (hasErrorCode(error, 'EEXIST')) {
        throw new SoundpostError('invalid_request', 'A run with that id is there already.', {
          cause: error,
        });
      }
      throw unwritable(error);
    }
    return new RunFolder(path);
  }

  get responsePath(): string {
    return join(this.path, 'response.bin');
  }

  /** Where an answer goes that had to be unpacked. */
  get unpackedPath(): string {
    return join(this.path, 'response-unpacked.bin');
  }

  /** Where a message's large bytes value goes when it gets a file of its own; the rest is at `responsePath`. */
  get apartPath(): string {
    return join(this.path, 'response-bytes.bin');
  }

  /** Where sound goes that events carry, while they come. */
  get liveSoundPath(): string {
    return join(this.path, 'live-sound.bin');
  }

  /** Where words go that events carry. */
  get liveWordsPath(): string {
    return join(this.path, 'live-words.txt');
  }

  /** Makes room for another try's answer. @throws SoundpostError `disk_error` */
  async forgetResponse(): Promise<void> {
    try {
      await rm(this.responsePath, { force: true });
    } catch (error) {
      throw unwritable(error);
    }
  }

  /** Leaves nothing of a run of which nothing was sent. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true }).catch(() => undefined);
  }

  /** Refuses before the first byte what the disk can't hold. @throws SoundpostError `disk_full` */
  async mustHold(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.path).catch((error: unknown) => {
      throw unwritable(error);
    });
    if (bavail * bsize >= bytes + RESERVE_BYTES) return;
    throw new SoundpostError(
      'disk_full',
      'The disk of this computer is too full for the answer. Free some space and run it again.',
    );
  }

  /** Writes a part that does not lie in the answer as it is, under a name of ours. @throws SoundpostError */
  async writeTransformed(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<FileSlice> {
    this.#transformed += 1;
    const path = join(this.path, `transformed-${this.#prefix}${this.#transformed}.bin`);
    try {
      await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
      const { size } = await stat(path);
      return new FileSlice(path, 0, size);
    } catch (error) {
      // Half a part would look like one.
      await rm(path, { force: true }).catch(() => undefined);
      throw unwritable(error);
    }
  }

  /**
   * Puts down what was asked and what came, in one step. A decoded message that is too large is left out; `response.bin`
   * has it. `hide` keeps the key out, wherever it was said. @throws SoundpostError `disk_full`, `disk_error`
   */
  async writeRecord(
    record: RunRecord,
    { hide, isFlushed }: { hide: (json: string) => string; isFlushed: boolean },
  ): Promise<void> {
    let text = JSON.stringify(record);
    if (text.length > LARGEST_RECORD) {
      const { output, text: words, ...outcome } = record.outcome;
      const leftOut = { output: output !== undefined, text: words !== undefined };
      text = JSON.stringify({ ...record, outcome, leftOut });
    }
    const json = new TextEncoder().encode(`${hide(text)}\n`);
    await replaceFile(join(this.path, RECORD), [new MemoryBytes(json)], {
      existing: 'replace',
      isFlushed,
    });
  }
}

/** The decoded message that a run's record holds; undefined when it has none. @throws SoundpostError `file_unreadable` */
export async function recordedOutput(folder: string): Promise<OutputValue | undefined> {
  return (await readRecord(folder)).outcome.output;
}
