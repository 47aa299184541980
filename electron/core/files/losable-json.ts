import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { MemoryBytes } from './byte-source.ts';
import { makeDirectory, replaceFile } from './replace-file.ts';

/** Bytes. More was not written by this program. */
const LARGEST = 1024 * 1024;

/**
 * A small JSON file that is a convenience and no more: one that is missing, damaged or of another version counts as none and is
 * written anew. It is whole or not there; nobody waits for the disk, and no copy of what it held before is kept.
 */
export class LosableJson<S extends v.GenericSchema> {
  readonly #path: string;
  readonly #schema: S;

  constructor(path: string, schema: S) {
    this.#path = path;
    this.#schema = schema;
  }

  async read(): Promise<v.InferOutput<S> | null> {
    try {
      const bytes = await readFile(this.#path);
      if (bytes.length > LARGEST) return null;
      return v.parse(this.#schema, JSON.parse(bytes.toString('utf8')));
    } catch {
      return null;
    }
  }

  /** @throws SoundpostError `disk_full`, `disk_error` */
  async write(value: v.InferInput<S>): Promise<void> {
    await makeDirectory(dirname(this.#path));
    const bytes = new MemoryBytes(Buffer.from(`${JSON.stringify(value, null, 2)}\n`));
    await replaceFile(this.#path, [bytes], { existing: 'replace', isFlushed: false });
  }
}
