import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  HistoryChange,
  HistoryChoices,
  HistoryEntry,
  HistoryPage,
  HistoryQuery,
  HistoryUsage,
} from '../../contract/history.ts';
import type { Input } from '../../contract/sound.ts';
import { MemoryBytes } from '../files/byte-source.ts';
import type { Inputs } from '../files/inputs.ts';
import { replaceFile } from '../files/replace-file.ts';
import { MARKS, mustBeFolder, readMarks, readRecord, type Marks } from '../runs/read-record.ts';
import type { Runs } from '../runs/runs.ts';
import { SoundpostError, toFailure } from '../soundpost-error.ts';
import { FolderScan } from './folder-scan.ts';
import { HistoryStore } from './history-store.ts';
import { openEntry } from './open-entry.ts';
import type { Flight } from './read-run.ts';
import { retain } from './retention.ts';
import { Trash, UNDO_TIME } from './trash.ts';

/** Milliseconds between two looks for what other processes did. */
const LOOK_EVERY = 2000;
/** How long a list waits for a look, in milliseconds: it is there at once, and what is found later is told of. */
const PATIENCE = 100;
const TIDY_EVERY = 3_600_000;
const TIDY_PATIENCE = 500;
/** bytes */
const DEFAULT_LIMIT = 10_000_000_000;

export type HistoryOptions = {
  dataDirectory: string;
  runsDirectory: string;
  runs: Runs;
  inputs: Inputs;
  flight: Flight;
  /** In bytes, from the settings. */
  readLimit: () => Promise<number | undefined>;
  writeLimit: (bytes: number) => Promise<void>;
  /** Something that is shown of the history is different. */
  onChange: () => void;
  log: (error: unknown) => void;
};

/**
 * Every run there was, of this process and all others. The runs' folders are the truth and the index is made from them,
 * so nothing here is lost with the index.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #indexPath: string;
  readonly #store: HistoryStore;
  readonly #scan: FolderScan;
  readonly #trash: Trash;
  readonly #admitted = new Map<string, Input>();
  #marking: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #version = 0;
  #isClosed = false;

  constructor(options: HistoryOptions) {
    const { dataDirectory, runsDirectory, flight, log } = options;
    this.#options = options;
    this.#indexPath = join(dataDirectory, 'history.sqlite');
    this.#store = new HistoryStore(this.#indexPath, log);
    this.#scan = new FolderScan({ runsDirectory, store: this.#store, flight, log });
    this.#trash = new Trash(join(dataDirectory, 'trash'), runsDirectory);
  }

  /** Whether anybody has asked for it. */
  get isOpen(): boolean {
    return this.#store.isOpen;
  }

  /** Begins to keep the index, and to tell of changes. Nobody waits for it. */
  start(): void {
    const look = async (): Promise<void> => {
      await this.#look();
      if (this.#timer === undefined) await this.tidy();
      if (this.#isClosed) return;
      this.#timer = setTimeout(again, LOOK_EVERY).unref();
    };
    const again = (): void => {
      look().catch((error: unknown) => {
        this.#options.log(error);
        if (!this.#isClosed) this.#timer = setTimeout(again, LOOK_EVERY).unref();
      });
    };
    again();
  }

  /** @throws SoundpostError `internal` when this Node.js has no SQLite */
  async list(query: HistoryQuery): Promise<HistoryPage> {
    const look = this.#look();
    look.catch(this.#options.log);
    await Promise.race([look.catch(() => undefined), delay(PATIENCE)]);
    const page = this.#store.use((index) => index.list(query));
    const { progress } = this.#scan;
    const { notice } = this.#store;
    return {
      ...(page ?? { rows: [], next: null, offset: 0, total: 0 }),
      ...(progress ? { indexing: progress } : {}),
      ...(notice === undefined ? {} : { notice }),
    };
  }

  /** What there are runs of. */
  choices(): HistoryChoices {
    return this.#store.use((index) => index.choices()) ?? { models: [], presets: [] };
  }

  /** Resolves when every folder there is has been looked at. */
  async complete(): Promise<void> {
    await this.#look();
  }

  /** @throws SoundpostError `invalid_request`, `file_unreadable` */
  async get(runId: string): Promise<HistoryEntry> {
    const { log, ...context } = this.#options;
    const entry = await openEntry(this.folder(runId), {
      ...{ ...context, admitted: this.#admitted, log },
    });
    await this.changed(runId);
    return entry;
  }

  /** The run whose id begins so. @throws SoundpostError `invalid_request` when there is none, or more than one */
  find(prefix: string): string {
    const [id, other] = this.#store.use((index) => index.idsFrom(prefix)) ?? [];
    if (id === undefined) throw invalid(`There is no run whose id begins with ${prefix}.`);
    // A whole id may be the beginning of another.
    if (other !== undefined && id !== prefix) {
      throw invalid(`More than one run’s id begins with ${prefix}. Give more of it.`);
    }
    return id;
  }

  folder(runId: string): string {
    return join(this.#options.runsDirectory, runId);
  }

  /** @throws SoundpostError `file_unreadable`, `disk_full`, `disk_error` */
  setStar(runId: string, star: boolean): Promise<void> {
    return this.#mark(runId, { star });
  }

  /** @throws SoundpostError `file_unreadable`, `disk_full`, `disk_error` */
  setNotes(runId: string, notes: string): Promise<void> {
    return this.#mark(runId, { notes });
  }

  /** Puts runs into the trash. One in flight stays where it is. */
  remove(runIds: string[]): Promise<HistoryChange> {
    return this.#each(runIds, async (runId) => {
      const record = await readRecord(this.folder(runId)).catch(() => null);
      if (record?.state === 'running' && (await this.#options.flight.isHeld(record))) {
        throw invalid('That run is still going on. Cancel it first.');
      }
      await this.#trash.put(runId);
      this.#options.runs.forget(runId);
    });
  }

  /** Brings runs back as they were, to the byte. */
  restore(runIds: string[]): Promise<HistoryChange> {
    return this.#each(runIds, (runId) => this.#trash.takeBack(runId));
  }

  async usage(): Promise<HistoryUsage> {
    const used = this.#store.use((index) => index.usage()) ?? { bytes: 0, runs: 0 };
    return { ...used, limit: await this.#limit() };
  }

  /** In bytes. @throws SoundpostError `disk_full`, `disk_error` */
  async setLimit(bytes: number): Promise<HistoryUsage> {
    await this.#options.writeLimit(bytes);
    await this.tidy();
    return this.usage();
  }

  /** A run of this process began, changed or ended. */
  async changed(runId: string): Promise<void> {
    if (!this.#store.isOpen || this.#isClosed) return;
    if (await this.#scan.refresh(runId)) this.#options.onChange();
  }

  /** Makes the history fit its limit, and empties the trash of what nobody can want back. */
  async tidy(): Promise<void> {
    if (this.#isClosed) return;
    await this.#trash.purge(UNDO_TIME);
    const { runsDirectory, flight } = this.#options;
    const limit = await this.#limit();
    if (
      await retain({ ...{ runsDirectory, flight, limit }, store: this.#store, trash: this.#trash })
    ) {
      this.#options.onChange();
    }
  }

  /**
   * The same for programs that come and go: when the index was not touched for an hour, and for as long as nobody minds.
   * Else the runs of somebody who never opens the app would fill the disk.
   */
  async tidyIfDue(): Promise<void> {
    const { mtimeMs } = await stat(this.#indexPath).catch(() => ({ mtimeMs: 0 }));
    if (Date.now() - mtimeMs < TIDY_EVERY) return;
    const look = this.#look().then(() => true);
    // A program that is done early does not stay for the clock.
    const enough = delay(TIDY_PATIENCE, false, { ref: false });
    if (await Promise.race([look, enough])) await this.tidy();
    else look.catch(this.#options.log);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#scan.close();
    this.#store.end();
  }

  async #look(): Promise<void> {
    const isChanged = await this.#scan.look();
    if (this.#isClosed) return;
    // What another process put into the index is news for this one, and finds nothing to do in the folders.
    const version = this.#store.use((index) => index.version()) ?? this.#version;
    const isNews = this.#version !== 0 && version !== this.#version;
    this.#version = version;
    if (isChanged || isNews) this.#options.onChange();
  }

  async #limit(): Promise<number> {
    return (await this.#options.readLimit()) ?? DEFAULT_LIMIT;
  }

  /** One after the other, so that none overwrites what another wrote. */
  #mark(runId: string, marks: Partial<Marks>): Promise<void> {
    const write = async (): Promise<void> => {
      const folder = this.folder(runId);
      await mustBeFolder(folder);
      const next = { version: 1, ...(await readMarks(folder)), ...marks };
      const json = new TextEncoder().encode(`${JSON.stringify(next)}\n`);
      await replaceFile(join(folder, MARKS), [new MemoryBytes(json)], { existing: 'replace' });
      await this.changed(runId);
    };
    const written = this.#marking.then(write, write);
    this.#marking = written.catch(() => undefined);
    return written;
  }

  async #each(runIds: string[], work: (runId: string) => Promise<void>): Promise<HistoryChange> {
    const change: HistoryChange = { done: [], refused: [] };
    for (const runId of runIds) {
      try {
        await work(runId);
        change.done.push(runId);
        await this.changed(runId);
      } catch (error) {
        if (!(error instanceof SoundpostError)) this.#options.log(error);
        change.refused.push({ runId, failure: toFailure(error) });
      }
    }
    return change;
  }
}

const invalid = (message: string): SoundpostError => new SoundpostError('invalid_request', message);
