import * as v from 'valibot';
import type { Intent } from '../../contract/intent.ts';
import type { ApprovedHost, SettingsChange } from '../../contract/settings.ts';
import { SharedJsonFile } from '../files/shared-json-file.ts';
import { watchFile } from '../files/watch-file.ts';
import {
  changed,
  keptIn,
  writtenSchema,
  type KeptSettings,
  type Written,
} from './kept-settings.ts';
import { approvedIn, isSameHost } from './approved-hosts.ts';
import { checkedProxy } from './proxy-setting.ts';

/** The settings file: JSON that a person may edit, and that the app and the command line may change at once. */
export class SettingsFile {
  readonly #path: string;
  readonly #file: SharedJsonFile<Written>;
  readonly #log: (error: unknown) => void;
  /** What was wrong with the file as a whole, which only who reads it first is told. */
  readonly #found: string[] = [];
  #told = '';
  #stopWatching: (() => void) | undefined;

  constructor(path: string, log: (error: unknown) => void) {
    this.#path = path;
    this.#log = log;
    this.#file = new SharedJsonFile<Written>(path, {
      title: 'The settings',
      version: 1,
      initial: { version: 1 },
      read: (json) => v.parse(writtenSchema, json),
      write: (settings) => settings,
    });
  }

  /** The settings, or the usual ones when the file can't be understood. @throws SoundpostError `file_unreadable` */
  async read(): Promise<KeptSettings> {
    return keptIn(await this.#written()).kept;
  }

  /** What holds for runs that say nothing themselves. Settings that can't be read don't keep one from being made. */
  async usual(): Promise<Pick<Intent, 'limits' | 'retries'>> {
    try {
      const { limits, retries } = await this.read();
      return { limits, ...(retries === undefined ? {} : { retries }) };
    } catch (error) {
      this.#log(error);
      return {};
    }
  }

  /** All of them, with what was wrong with the file since this program began, in words. */
  async tell(): Promise<{ kept: KeptSettings; problems: string[] }> {
    return this.#telling(await this.#written());
  }

  /**
   * Changes what the file holds now, and nothing else of it.
   * @throws SoundpostError `invalid_request` for a proxy that can't be, `file_unreadable`, `disk_full`, `disk_error`
   */
  async change(change: SettingsChange): Promise<void> {
    const { proxy } = change;
    await this.#change((written) =>
      changed(written, proxy ? { ...change, proxy: checkedProxy(proxy) } : change),
    );
  }

  /** A path that the user chose. @throws SoundpostError `file_unreadable`, `disk_full`, `disk_error` */
  async choose(what: 'outputFolder' | 'caFile', path: string): Promise<void> {
    await this.#change((written) => ({ ...written, [what]: path }));
  }

  /** @throws SoundpostError `file_unreadable`, `disk_full`, `disk_error` */
  async approve(host: ApprovedHost): Promise<void> {
    await this.#changeHosts((hosts) => [
      ...hosts.filter((other) => !isSameHost(other, host)),
      host,
    ]);
  }

  /** From now on it is asked again. @throws SoundpostError `file_unreadable`, `disk_full`, `disk_error` */
  async forgetOrigin(origin: string): Promise<void> {
    await this.#changeHosts((hosts) => hosts.filter((host) => host.origin !== origin));
  }

  /** The version of Soundpost that is not to be offered again. @throws SoundpostError `file_unreadable`, `disk_full`, `disk_error` */
  async skipUpdate(skippedUpdate: string): Promise<void> {
    await this.#change((written) => ({ ...written, skippedUpdate }));
  }

  /** In bytes. @throws SoundpostError `file_unreadable`, `disk_full`, `disk_error` */
  async limitHistory(historyLimit: number): Promise<void> {
    await this.#change((written) => ({ ...written, historyLimit }));
  }

  /** Tells when the file says something else than what `tell` told last, by whoever's hand. When it can't, only the log knows. */
  async watch(onChange: () => void): Promise<void> {
    const look = async (): Promise<void> => {
      const before = this.#told;
      await this.tell();
      if (this.#told !== before) onChange();
    };
    try {
      this.#stopWatching = await watchFile(
        this.#path,
        () => void look().catch(this.#log),
        this.#log,
      );
    } catch (error) {
      this.#log(error);
    }
  }

  close(): void {
    this.#stopWatching?.();
  }

  async #written(): Promise<Written> {
    const { value, problem } = await this.#file.read();
    if (problem && !this.#found.includes(problem.message)) {
      this.#log(problem);
      this.#found.push(problem.message);
    }
    return value;
  }

  #telling(written: Written): { kept: KeptSettings; problems: string[] } {
    const { kept, problems } = keptIn(written);
    this.#told = JSON.stringify(kept);
    return { kept, problems: [...this.#found, ...problems] };
  }

  async #change(edit: (written: Written) => Written): Promise<void> {
    // A damaged file is set aside by a change too; reading it first lets that be said.
    await this.#written();
    await this.#file.change((written) => {
      const value = edit(written);
      const isSame = JSON.stringify(value) === JSON.stringify(written);
      return { value: isSame ? written : value, answer: undefined };
    });
  }

  #changeHosts(edit: (hosts: ApprovedHost[]) => ApprovedHost[]): Promise<void> {
    return this.#change(({ approvedOrigins, ...written }) => ({
      ...written,
      approvedHosts: edit(approvedIn(keptIn({ ...written, approvedOrigins }).kept)),
    }));
  }
}
