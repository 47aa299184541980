import { readFile, rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { SoundpostError, hasErrorCode } from '../soundpost-error.ts';
import { MemoryBytes, unreadable } from './byte-source.ts';
import { lockFile } from './file-lock.ts';
import { makeDirectory, replaceFile, unwritable } from './replace-file.ts';

/** Bytes. What a person edits is far smaller; more is not read into memory. */
const LARGEST = 16 * 1024 * 1024;

/** What a file of this kind holds. */
export type JsonFormat<T> = {
  /** Begins a sentence: `The presets`. */
  title: string;
  /** The version that this program writes; a file with a higher one is left alone. */
  version: number;
  initial: T;
  /** Throws for what is not of this kind at all. */
  read: (json: object) => T;
  write: (value: T) => object;
};

/** `problem` says in words why the value is not what the file at its path holds. */
export type SharedValue<T> = { value: T; problem?: SoundpostError };

/** What a look at the file found: nothing, a value, or bytes that are none. */
type Found<T> = { value: T; text: Buffer | null } | { isDamaged: true };

/**
 * A JSON file that several processes change at once and a person may edit: readable, in a stable order. A change is made
 * under a lock to what the file holds at that moment, and replaces it in one step; what it held before is kept beside it as
 * `.bak`. A damaged file is set aside under another name and the copy takes its place; a newer version's is left alone.
 */
export class SharedJsonFile<T> {
  readonly #path: string;
  readonly #format: JsonFormat<T>;
  /** Changes of this process go one after another, without asking the disk. */
  #last: Promise<unknown> = Promise.resolve();
  /** The text that `hasChanged` saw last. */
  #seen = '';

  constructor(path: string, format: JsonFormat<T>) {
    this.#path = path;
    this.#format = format;
  }

  /** @throws SoundpostError `file_unreadable` when it is there and can't be read */
  async read(): Promise<SharedValue<T>> {
    try {
      const found = await this.#look(this.#path);
      if ('value' in found) return { value: found.value };
    } catch (error) {
      // Nothing is lost by going on without it, as it is never overwritten.
      if (error instanceof NewerVersion) return { value: this.#format.initial, problem: error };
      throw error;
    }
    return this.#repair();
  }

  /**
   * Makes a change to what the file holds now and answers what `edit` does. An edit that answers the value it was given
   * writes nothing.
   * @throws SoundpostError `file_unreadable`, `disk_full`, `disk_error`; nothing is changed then
   */
  change<A>(edit: (value: T) => { value: T; answer: A }): Promise<A> {
    const changed = this.#last.then(() => this.#change(edit));
    this.#last = changed.catch(() => undefined);
    return changed;
  }

  /** Whether the file was changed, by anybody, since this was asked last. @throws SoundpostError `file_unreadable` */
  async hasChanged(): Promise<boolean> {
    const before = this.#seen;
    this.#seen = String((await this.#bytes(this.#path)) ?? '');
    return this.#seen !== before;
  }

  async #change<A>(edit: (value: T) => { value: T; answer: A }): Promise<A> {
    await makeDirectory(dirname(this.#path));
    for (;;) {
      await using lock = await lockFile(`${this.#path}.lock`);
      let found = await this.#look(this.#path);
      if ('isDamaged' in found) found = await this.#setAside();
      const { value, answer } = edit(found.value);
      if (value === found.value) return answer;
      const bytes = this.#written(value);
      if (found.text) await replaceFile(this.#backup, [new MemoryBytes(found.text)], replace);
      // Taken over while this process slept: somebody else may have changed it since.
      if (!(await lock.isOurs())) continue;
      await replaceFile(this.#path, [new MemoryBytes(bytes)], replace);
      return answer;
    }
  }

  /** A damaged file is set aside under the lock: another process may have done so since, or have mended it. */
  async #repair(): Promise<SharedValue<T>> {
    try {
      await using lock = await lockFile(`${this.#path}.lock`);
      const found = await this.#look(this.#path);
      if ('value' in found || !(await lock.isOurs())) return await this.read();
      const { value, text, aside } = await this.#setAside();
      return { value, problem: this.#damagedWords(text !== null, `It was set aside as ${aside}`) };
    } catch (error) {
      if (!(error instanceof SoundpostError) || error.code === 'file_unreadable') throw error;
      // The disk can only be read. The file stays where it is and the copy is used without being put in its place.
      const { value, text } = await this.#lookAtBackup();
      return { value, problem: this.#damagedWords(text !== null, 'It was left as it is') };
    }
  }

  async #setAside(): Promise<{ value: T; text: Buffer | null; aside: string }> {
    const time = new Date().toISOString().replaceAll(':', '-');
    const aside = `${this.#path}.damaged-${time}`;
    await rename(this.#path, aside).catch((error: unknown) => {
      throw unwritable(error);
    });
    const backup = await this.#lookAtBackup();
    if (backup.text) await replaceFile(this.#path, [new MemoryBytes(backup.text)], replace);
    return { ...backup, aside: basename(aside) };
  }

  async #lookAtBackup(): Promise<{ value: T; text: Buffer | null }> {
    const found = await this.#look(this.#backup).catch(() => null);
    return found && 'value' in found ? found : { value: this.#format.initial, text: null };
  }

  /** @throws SoundpostError `file_unreadable` */
  async #look(path: string): Promise<Found<T>> {
    const { version, initial, read, title } = this.#format;
    const text = await this.#bytes(path);
    if (text === null) return { value: initial, text: null };
    try {
      const decoder = new TextDecoder('utf-8', { fatal: true });
      const json = JSON.parse(decoder.decode(text)) as unknown;
      if (typeof json !== 'object' || json === null) return { isDamaged: true };
      const said: unknown = Reflect.get(json, 'version');
      if (typeof said === 'number' && said > version) throw new NewerVersion(title);
      return { value: read(json), text };
    } catch (error) {
      if (error instanceof NewerVersion) throw error;
      return { isDamaged: true };
    }
  }

  /** Null when there is no file. */
  async #bytes(path: string): Promise<Buffer | null> {
    try {
      const bytes = await readFile(path);
      if (bytes.length > LARGEST) throw tooLarge(this.#format.title);
      return bytes;
    } catch (error) {
      if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return null;
      throw unreadable(error);
    }
  }

  #written(value: T): Buffer {
    const bytes = Buffer.from(`${JSON.stringify(this.#format.write(value), null, 2)}\n`);
    if (bytes.length > LARGEST) throw tooLarge(this.#format.title);
    return bytes;
  }

  get #backup(): string {
    return `${this.#path}.bak`;
  }

  #damagedWords(hasCopy: boolean, what: string): SoundpostError {
    const rest = hasCopy
      ? 'The copy from before the last change is used.'
      : 'There is no copy of it, so this starts anew.';
    return new SoundpostError(
      'file_unreadable',
      `${this.#format.title} on this computer are kept in a file that is damaged. ${what}; nothing of it was deleted. ${rest}`,
    );
  }
}

const replace = { existing: 'replace' } as const;

/** A newer Soundpost wrote the file: it is neither understood nor changed. */
class NewerVersion extends SoundpostError {
  constructor(title: string) {
    super(
      'file_unreadable',
      `${title} were written by a newer Soundpost than this one. They were left as they are; update this one to use them.`,
    );
  }
}

const tooLarge = (title: string): SoundpostError =>
  new SoundpostError(
    'file_unreadable',
    `${title} are over 16 MB, which is more than Soundpost reads. Make them fewer.`,
  );
