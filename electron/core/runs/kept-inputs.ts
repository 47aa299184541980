import { constants } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Intent } from '../../contract/intent.ts';
import type { FieldFile } from '../codec/field-value.ts';
import { FileSlice } from '../files/byte-source.ts';
import { fileSha256 } from '../files/sha256.ts';
import type { RunFolder } from './run-folder.ts';
import type { InputRecord } from './run-record.ts';

/**
 * A larger input is not copied where the disk can't share the bytes: each run of a long recording would take its size
 * anew, and minutes of a slow disk. 64 MB are an hour of MP3, or six minutes of CD sound.
 */
const MOST_COPIED = 64_000_000;

const recordOf = ({ inputId, name, size, sha256, file }: Kept): InputRecord => ({
  ...{ inputId, name, size },
  ...(sha256 === undefined ? {} : { sha256 }),
  ...(file === undefined ? {} : { file }),
});

type Kept = InputRecord & { bytes: FieldFile['bytes'] };

/**
 * The inputs of a run and their copies in its folder, so that they play when the user has moved the originals. Where the
 * disk can share bytes between files (APFS, Btrfs, XFS, ReFS) a copy costs nothing and is made before anything is sent;
 * elsewhere it is made after the run, so that it takes nothing from the transfer.
 */
export class KeptInputs {
  readonly #inputs: Kept[];
  readonly #folder: RunFolder;

  private constructor(folder: RunFolder, inputs: Kept[]) {
    this.#folder = folder;
    this.#inputs = inputs;
  }

  /** @throws what `openInput` throws */
  static async of(
    { fields }: Intent,
    folder: RunFolder,
    openInput: (inputId: string) => Promise<FieldFile>,
  ): Promise<KeptInputs> {
    const ids = fields.flatMap(({ value }) =>
      value.type === 'file' && value.inputId !== null ? [value.inputId] : [],
    );
    const inputs: Kept[] = [];
    for (const inputId of new Set(ids)) {
      const { name, bytes } = await openInput(inputId);
      inputs.push({ inputId, name, size: bytes.size, bytes });
    }
    return new KeptInputs(folder, inputs);
  }

  get records(): InputRecord[] {
    return this.#inputs.map(recordOf);
  }

  /** Copies without copying, where the disk can. */
  async share(): Promise<void> {
    for (const [at, input] of this.#inputs.entries()) {
      await this.#copy(input, at, constants.COPYFILE_FICLONE_FORCE);
    }
  }

  /**
   * Copies what is not copied yet, and counts the hashes. When it is to end early, large inputs are left without: theirs
   * would take seconds. An input that has changed since it was sent is not the run's any more and is left alone.
   */
  async keep(signal: AbortSignal): Promise<void> {
    for (const [at, input] of this.#inputs.entries()) {
      const { bytes, size } = input;
      const isSmall = size <= MOST_COPIED;
      if (input.file === undefined && isSmall && (await this.#hasRoom(size))) {
        await this.#copy(input, at, 0);
      }
      const source =
        input.file === undefined
          ? bytes
          : new FileSlice(join(this.#folder.path, input.file), 0, size);
      const sha256 = await fileSha256(source, isSmall ? undefined : signal);
      if (sha256 !== null && (await source.isUnchanged())) input.sha256 = sha256;
    }
  }

  async #copy(input: Kept, at: number, how: number): Promise<void> {
    const { bytes, name } = input;
    if (!(bytes instanceof FileSlice) || bytes.offset !== 0) return;
    const extension = /^\.\w{1,8}$/.exec(extname(name))?.[0] ?? '';
    const file = `input-${at + 1}${extension}`;
    const path = join(this.#folder.path, file);
    try {
      await copyFile(bytes.path, path, constants.COPYFILE_EXCL | how);
      if (!(await bytes.isUnchanged())) throw new Error('The input changed meanwhile.');
      input.file = file;
    } catch {
      // Without a copy the run is what it was.
      await rm(path, { force: true }).catch(() => undefined);
    }
  }

  /** A copy must not fill the disk. */
  #hasRoom(bytes: number): Promise<boolean> {
    return this.#folder.mustHold(bytes).then(
      () => true,
      () => false,
    );
  }
}
