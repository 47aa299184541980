import { lstat, mkdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { PresetRef } from '../../contract/history.ts';
import type { Intent } from '../../contract/intent.ts';
import type { OutputValue, Saved } from '../../contract/run.ts';
import { readRecord } from '../runs/read-record.ts';
import type { Runs, StoredPart } from '../runs/runs.ts';
import { safeName } from '../runs/suggested-name.ts';
import { SoundpostError, toFailure } from '../soundpost-error.ts';
import { filledName, nameWords, type NameWords } from './name-template.ts';
import { makeOutputFolder } from './output-folder.ts';

type Options = {
  runs: Pick<Runs, 'save' | 'saveOutput'>;
  /** From the settings: where to, and how names are made unless a preset says it. */
  rule: () => Promise<{ folder: string; template: string }>;
  inputName: (inputId: string) => string | undefined;
  /** The template of a preset's own, if it has one. */
  templateOf: (presetId: string) => Promise<string | undefined>;
  runFolder: (runId: string) => string;
  /** A path as it may be shown. */
  display: (path: string) => string;
  log: (error: unknown) => void;
};

type Finished = {
  runId: string;
  intent: Intent;
  preset?: PresetRef | undefined;
  /** Absent: the settings'. */
  template: string | undefined;
  parts: StoredPart[];
  output?: OutputValue | undefined;
};

/** As it came, or made into a file of this extension. */
type SaveAs = 'received' | 'wav' | 'txt' | 'srt' | 'vtt';

/** A file that was made of an answer; `part` is null for the decoded message. */
export type SavedFile = { part: string | null; path: string };

/** Of how many runs it is remembered where their files are. */
const MOST = 1000;

/** Answers that are saved by themselves. No file that is there is ever replaced, and each is written whole or not at all. */
export class SavedAnswers {
  readonly #options: Options;
  readonly #files = new Map<string, SavedFile[]>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Saves each part, or the decoded message of an answer that has none. What failed is told in the answer. */
  async save(run: Finished): Promise<Saved> {
    const { rule, display } = this.#options;
    const { folder, template: usual } = await rule();
    const files: SavedFile[] = [];
    const saved = { names: [] as string[], folder: display(folder) };
    this.#remember(run.runId, files);
    try {
      await makeOutputFolder(folder, display);
      const name = filledName(run.template ?? usual, this.#words(run));
      for (const piece of this.#pieces(run)) {
        const ending = piece.suffix ? `-${piece.suffix}` : '';
        const path = await underUnusedName(join(folder, `${name}${ending}`), piece);
        files.push({ part: piece.part, path });
        saved.names.push(relative(folder, path).split(sep).join('/'));
      }
    } catch (error) {
      return { ...saved, failure: toFailure(this.#inWords(error, saved.folder)) };
    }
    return saved;
  }

  /** The files that were made of a run's answer in this session. */
  of(runId: string): SavedFile[] {
    return this.#files.get(runId) ?? [];
  }

  /** The first of a run's saved files, also of an earlier session. @throws SoundpostError `file_unreadable` when it is gone */
  async find(runId: string): Promise<string> {
    const [known] = this.of(runId);
    const path = known?.path ?? (await this.#recorded(runId));
    if (path !== null && (await isThere(path))) return path;
    throw new SoundpostError(
      'file_unreadable',
      'The saved file is no longer where it was put on this computer. The run still has the answer: save it again.',
    );
  }

  /** How a part of a run, or its decoded message, is called when it is saved by hand, or what was made of it. */
  async nameFor(runId: string, part: StoredPart | null, as: SaveAs): Promise<string> {
    const extension = as === 'received' ? (part?.kind.extension ?? 'json') : as;
    try {
      const record = await readRecord(this.#options.runFolder(runId));
      const { intent, preset, inputs, startedAt, parts = [] } = record;
      const at = new Date(startedAt);
      const input = inputs[0]?.name;
      const words = nameWords({ target: intent.target, input, preset: preset?.name, at });
      const own = preset && (await this.#options.templateOf(preset.id));
      const name = basename(filledName(own ?? (await this.#options.rule()).template, words));
      const ending = part && parts.length > 1 ? `-${safeName(part.name, 60)}` : '';
      return `${name}${ending}.${extension}`;
    } catch (error) {
      this.#options.log(error);
      return `${(part && safeName(part.name)) || 'answer'}.${extension}`;
    }
  }

  #words({ intent, preset }: Finished): NameWords {
    const files = intent.fields.flatMap(({ value }) =>
      value.type === 'file' && value.inputId !== null ? [value.inputId] : [],
    );
    const input = files[0] === undefined ? undefined : this.#options.inputName(files[0]);
    return nameWords({ target: intent.target, input, preset: preset?.name, at: new Date() });
  }

  #pieces({ runId, parts, output }: Finished): Piece[] {
    const { runs } = this.#options;
    if (parts.length === 0 && output !== undefined) {
      const write = (path: string): Promise<void> => runs.saveOutput(runId, path, 'keep');
      return [{ part: null, suffix: '', extension: 'json', write }];
    }
    return parts.map((part) => {
      // Bytes that tell no format themselves are of no use to anybody elsewhere.
      const as = part.array || part.pcm ? 'wav' : 'received';
      return {
        part: part.name,
        suffix: parts.length > 1 ? safeName(part.name, 60) : '',
        extension: as === 'wav' ? 'wav' : part.kind.extension,
        write: (path: string) => runs.save(part, as, path, 'keep'),
      };
    });
  }

  #inWords(error: unknown, folder: string): unknown {
    if (!(error instanceof SoundpostError)) {
      this.#options.log(error);
      return error;
    }
    const words = error.message.includes(folder)
      ? error.message
      : `The answer was not saved in ${folder}. ${error.message}`;
    return new SoundpostError(error.code, `${words} The run has kept it.`, { cause: error });
  }

  /** What a record says is taken only below the folder that is set: the record may be anyone's. */
  async #recorded(runId: string): Promise<string | null> {
    const { runFolder, rule } = this.#options;
    const record = await readRecord(runFolder(runId)).catch(() => null);
    const [name] = record?.outcome.saved?.names ?? [];
    const { folder } = await rule();
    const path = name === undefined ? null : resolve(folder, name);
    return path?.startsWith(folder + sep) ? path : null;
  }

  #remember(runId: string, files: SavedFile[]): void {
    this.#files.set(runId, files);
    const [oldest] = this.#files.keys();
    if (this.#files.size > MOST && oldest !== undefined) this.#files.delete(oldest);
  }
}

type Piece = {
  part: string | null;
  /** Tells the parts of one answer apart. */
  suffix: string;
  extension: string;
  /** Fails with `file_exists` where a file is. */
  write: (path: string) => Promise<void>;
};

/** Writes `name.wav`, else `name (2).wav` and so on, and answers which it was: other processes may do the same at once. */
async function underUnusedName(base: string, { extension, write }: Piece): Promise<string> {
  await mkdir(dirname(base), { recursive: true }).catch((error: unknown) => {
    throw new SoundpostError(
      'disk_error',
      'A folder that the name asks for can’t be made there: choose another name or folder in the settings.',
      { cause: error },
    );
  });
  for (let number = 1; ; number += 1) {
    const path = `${base}${number === 1 ? '' : ` (${number})`}.${extension}`;
    // Looked for first, as it is written whole before it gets its name.
    if (await isThere(path)) continue;
    try {
      await write(path);
      return path;
    } catch (error) {
      if (!(error instanceof SoundpostError && error.code === 'file_exists')) throw error;
    }
  }
}

/** False too where it can't be told: writing says why. */
const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
