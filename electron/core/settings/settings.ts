import * as v from 'valibot';
import { limitSchema } from '../../contract/history.ts';
import { SharedJsonFile } from '../files/shared-json-file.ts';

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

/** The settings file: JSON that a person may edit, and that the app and the command line may change at once. */
export class SettingsFile {
  readonly #file: SharedJsonFile<Settings>;
  readonly #log: (error: unknown) => void;

  constructor(path: string, log: (error: unknown) => void) {
    this.#log = log;
    this.#file = new SharedJsonFile(path, {
      title: 'The settings',
      version: 1,
      initial: { version: 1, approvedOrigins: [] },
      read: (json) => v.parse(schema, json),
      write: (settings) => settings,
    });
  }

  /** The settings, or the usual ones when the file can't be understood. @throws SoundpostError `file_unreadable` */
  async read(): Promise<Settings> {
    const { value, problem } = await this.#file.read();
    if (problem) this.#log(problem);
    return value;
  }

  /** @throws SoundpostError `file_unreadable`, `disk_full`, `disk_error` */
  async approveOrigin(origin: string): Promise<void> {
    await this.#file.change((settings) => {
      const { approvedOrigins } = settings;
      const value = approvedOrigins.includes(origin)
        ? settings
        : { ...settings, approvedOrigins: [...approvedOrigins, origin] };
      return { value, answer: undefined };
    });
  }

  /** In bytes. @throws SoundpostError `file_unreadable`, `disk_full`, `disk_error` */
  async limitHistory(historyLimit: number): Promise<void> {
    await this.#file.change((settings) => ({
      value: { ...settings, historyLimit },
      answer: undefined,
    }));
  }
}
