import { readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { limitSchema } from '../../contract/history.ts';
import { MemoryBytes, unreadable } from '../files/byte-source.ts';
import { makeDirectory, replaceFile, unwritable } from '../files/replace-file.ts';
import { hasErrorCode } from '../soundpost-error.ts';

const schema = v.object({
  version: v.literal(1),
  /** Origins (`https://host:port`) that the user allowed to be sent the key, besides Baseten's. */
  approvedOrigins: v.array(v.string()),
  /** A file of certificates to trust besides the usual ones, in PEM. */
  caFile: v.optional(v.string()),
  /** bytes that the history may take */
  historyLimit: v.optional(limitSchema),
});
export type Settings = v.InferOutput<typeof schema>;

const initial: Settings = { version: 1, approvedOrigins: [] };

/** The settings file: JSON that a person may edit. One that can't be read is set aside, never overwritten. */
export class SettingsFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws SoundpostError `file_unreadable`, `disk_error` */
  async read(): Promise<Settings> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (hasErrorCode(error, 'ENOENT')) return initial;
      throw unreadable(error);
    }
    try {
      return v.parse(schema, JSON.parse(text));
    } catch {
      await rename(this.#path, `${this.#path}.corrupt-${Date.now()}`).catch((error: unknown) => {
        throw unwritable(error);
      });
      return initial;
    }
  }

  /** @throws SoundpostError `disk_full`, `disk_error` */
  async approveOrigin(origin: string): Promise<void> {
    const settings = await this.read();
    if (settings.approvedOrigins.includes(origin)) return;
    await this.#write({ ...settings, approvedOrigins: [...settings.approvedOrigins, origin] });
  }

  /** In bytes. @throws SoundpostError `disk_full`, `disk_error` */
  async limitHistory(historyLimit: number): Promise<void> {
    await this.#write({ ...(await this.read()), historyLimit });
  }

  async #write(next: Settings): Promise<void> {
    await makeDirectory(dirname(this.#path));
    const json = new TextEncoder().encode(`${JSON.stringify(next, null, 2)}\n`);
    await replaceFile(this.#path, [new MemoryBytes(json)], { existing: 'replace' });
  }
}
