import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { modelSchema, type ModelList } from '../../contract/model.ts';
import { MemoryBytes } from '../files/byte-source.ts';
import { makeDirectory, replaceFile } from '../files/replace-file.ts';

/** Bytes. More was not written by this program. */
const LARGEST = 32 * 1024 * 1024;

const schema = v.object({
  version: v.literal(1),
  asOf: v.pipe(v.string(), v.isoTimestamp()),
  access: v.picklist(['listed', 'invoke-only']),
  models: v.array(modelSchema),
});

/** What was last known of each key's models, for a start without the network: a file each, which may be deleted. */
export class ModelCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Null when there is none, or none that can be used: it is had anew then. */
  async read(owner: string): Promise<ModelList | null> {
    try {
      const bytes = await readFile(this.#path(owner));
      if (bytes.length > LARGEST) return null;
      const { asOf, access, models } = v.parse(schema, JSON.parse(bytes.toString('utf8')));
      return { asOf, access, models };
    } catch {
      return null;
    }
  }

  /** @throws SoundpostError `disk_full`, `disk_error` */
  async write(owner: string, { access, models, asOf }: ModelList): Promise<void> {
    const path = this.#path(owner);
    await makeDirectory(dirname(path));
    const text = JSON.stringify({ version: 1, asOf, access, models });
    await replaceFile(path, [new MemoryBytes(Buffer.from(text))], { existing: 'replace' });
  }

  /** @throws an error of the system */
  async remove(owner: string): Promise<void> {
    await rm(this.#path(owner), { force: true });
  }

  #path(owner: string): string {
    return join(this.#directory, `${owner}.json`);
  }
}
