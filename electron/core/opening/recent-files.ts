import { randomUUID } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, sep } from 'node:path';
import * as v from 'valibot';
import type { Admission } from '../../contract/bridge.ts';
import { idSchema } from '../../contract/intent.ts';
import type { RecentFile } from '../../contract/recent.ts';
import type { Input } from '../../contract/sound.ts';
import { displayPath } from '../files/app-directories.ts';
import { LosableJson } from '../files/losable-json.ts';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';
import { admitAll } from './admit-all.ts';
import type { NamedFile } from './named-files.ts';

const MOST = 20;

const fileSchema = v.object({ id: idSchema, path: v.pipe(v.string(), v.minLength(1)) });
const schema = v.object({
  version: v.literal(1),
  files: v.pipe(v.array(fileSchema), v.maxLength(1000)),
});

type Kept = v.InferOutput<typeof fileSchema>;

type Options = {
  /** Of the file that holds the list. */
  path: string;
  home: string;
  /** The system's folder for what is gone soon: files in it are not worth remembering. */
  temporary: string;
  admit: (path: string) => Promise<Input>;
  /** The list that the system keeps of this program's files, in its dock or task bar. */
  system: { add: (path: string) => void; clear: () => void };
  onChange: (list: RecentFile[]) => void;
  log: (error: unknown) => void;
};

/** The files used last, newest first, for this computer's user: every file that is handed over comes in here. */
export class RecentFiles {
  readonly #options: Options;
  readonly #file: LosableJson<typeof schema>;
  /** Changes go one after another. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
    this.#file = new LosableJson(options.path, schema);
  }

  /** Admits files that the user handed over, and remembers those that were taken. */
  async admit(files: readonly NamedFile[]): Promise<Admission> {
    const { admit, log } = this.#options;
    const paths: string[] = [];
    const admission = await admitAll(
      files,
      async (path) => {
        const input = await admit(path);
        paths.push(path);
        return input;
      },
      log,
    );
    this.remember(paths);
    return admission;
  }

  /** Puts files on the list, the first of them uppermost. Nobody has to wait for it; when it can't be kept, only the log knows. */
  remember(paths: readonly string[]): void {
    void this.#next(() => this.#put(paths)).catch(this.#options.log);
  }

  async list(): Promise<RecentFile[]> {
    await this.#last;
    return this.#shown(await this.#kept());
  }

  /** One that is gone comes off the list, and is refused with that. @throws SoundpostError `unknown_input` */
  async open(id: string): Promise<Admission> {
    await this.#last;
    const file = (await this.#kept()).find((each) => each.id === id);
    if (!file) {
      throw new SoundpostError(
        'unknown_input',
        'That file is not among the recent ones any more. Choose it again.',
      );
    }
    const named = { name: basename(file.path), path: file.path };
    if (!(await isGone(file.path))) return this.admit([named]);
    // Where the list can't be written, that the file is gone is still what there is to say.
    await this.#next(async () => {
      await this.#keep((await this.#kept()).filter((each) => each.id !== id));
    }).catch(this.#options.log);
    const message = 'It is not there any more, and was taken off the recent files.';
    return {
      taken: [],
      refused: [{ name: named.name, failure: { code: 'file_unreadable', message } }],
    };
  }

  /** Forgets all, also in the system's own list. @throws SoundpostError `disk_full`, `disk_error` */
  async clear(): Promise<void> {
    await this.#next(() => {
      this.#options.system.clear();
      return this.#keep([]);
    });
  }

  /** Resolves when all is written. */
  async close(): Promise<void> {
    await this.#last;
  }

  async #put(paths: readonly string[]): Promise<void> {
    const { temporary, system } = this.#options;
    // Systems have a link in its place, and either may be given.
    const fleeting = [temporary, await realpath(temporary).catch(() => temporary)];
    const lasting = paths
      .filter((path) => !isPreset(path) && !fleeting.some((folder) => isBelow(path, folder)))
      .slice(0, MOST);
    if (lasting.length === 0) return;
    for (const path of lasting.toReversed()) system.add(path);
    const files = await this.#kept();
    const all = [...lasting, ...files.map(({ path }) => path)];
    const kept = [...new Set(all)].slice(0, MOST).map((path) => ({
      id: files.find((file) => file.path === path)?.id ?? randomUUID(),
      path,
    }));
    await this.#keep(kept);
  }

  async #kept(): Promise<Kept[]> {
    return (await this.#file.read())?.files ?? [];
  }

  async #keep(files: Kept[]): Promise<void> {
    await this.#file.write({ version: 1, files });
    this.#options.onChange(this.#shown(files));
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  #shown(files: readonly Kept[]): RecentFile[] {
    return files.slice(0, MOST).map(({ id, path }) => ({
      id,
      name: basename(path),
      folder: shortFolder(displayPath(dirname(path), this.#options.home)),
    }));
  }
}

/** Once taken, presets are among the presets; opened again, they would be there twice. */
const isPreset = (path: string): boolean => /\.soundpost$/i.test(path);

/** Where its disk or this account's rights are the matter, it may be there again tomorrow. */
async function isGone(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    return hasErrorCode(error, 'ENOENT', 'ENOTDIR');
  }
}

function isBelow(path: string, folder: string): boolean {
  const from = relative(folder, path);
  return from !== '' && from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from);
}

/** All of a folder that is not deep, else where it begins and its last two pieces. */
function shortFolder(folder: string): string {
  const pieces = folder.split(sep);
  const first = pieces[0] === '' ? 2 : 1;
  if (pieces.length - first <= 3) return folder;
  return [...pieces.slice(0, first), '…', ...pieces.slice(-2)].join(sep);
}
