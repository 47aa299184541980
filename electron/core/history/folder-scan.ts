import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import * as v from 'valibot';
import { idSchema } from '../../contract/intent.ts';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';
import type { HistoryStore } from './history-store.ts';
import { readRun, type Flight } from './read-run.ts';
import type { IndexedRun } from './row-of-run.ts';

/** So many names are looked up at once, and so many folders read and put in: each a few milliseconds of this thread. */
const NAMES = 500;
const FOLDERS = 8;
/** What changed less than this before a look may change again under the same time, in milliseconds. */
const GRAIN = 2000;
/** A folder without a record is about to get one, or never will. */
const PATIENCE = 10_000;

type Options = {
  runsDirectory: string;
  store: HistoryStore;
  flight: Flight;
  log: (error: unknown) => void;
};

/**
 * Keeps the index equal to the folders. The time of the runs' directory changes whenever a folder comes or goes, whoever
 * does it; it is looked at every few seconds, since watching files works differently on every system and not at all on
 * network disks. What changes inside a folder changes while somebody is at work on the run, so those are read again.
 */
export class FolderScan {
  /** Set while there is more than a glance to do. */
  progress: { done: number; of: number } | undefined;
  readonly #options: Options;
  #looking: Promise<boolean> | undefined;
  #isClosed = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Answers whether anything was different. One look at a time: who asks meanwhile gets the same. */
  look(): Promise<boolean> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      this.progress = undefined;
    });
    return this.#looking;
  }

  /** Reads one run again. */
  async refresh(runId: string): Promise<boolean> {
    const run = await this.#read(runId);
    const { store } = this.#options;
    if (run === null || run === 'soon') {
      const wasThere = store.use((index) => index.row(runId)) !== null;
      if (wasThere)
        store.use((index) => {
          index.delete([runId]);
        });
      return wasThere;
    }
    const before = JSON.stringify(store.use((index) => index.row(runId)));
    store.use((index) => {
      index.put([run]);
    });
    return JSON.stringify(run.row) !== before;
  }

  /** Resolves when nothing is read any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#looking?.catch(() => undefined);
  }

  async #look(): Promise<boolean> {
    const { store, runsDirectory } = this.#options;
    let isChanged = store.noticeReplacement();
    for (const runId of store.use((index) => index.unsettled()) ?? []) {
      isChanged = (await this.refresh(runId)) || isChanged;
    }
    const now = Date.now();
    const changed = await stat(runsDirectory).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    if (changed === store.use((index) => index.fact('looked'))) return isChanged;
    const names = (await readdir(runsDirectory).catch(() => [])).filter((name) =>
      v.is(idSchema, name),
    );
    const { added, isWaiting } = await this.#add(names);
    const removed = await this.#removeAllBut(names);
    if (now - changed > GRAIN && !isWaiting && this.#goesOn()) {
      store.use((index) => {
        index.setFact('looked', changed);
      });
    }
    return isChanged || added || removed;
  }

  async #add(names: string[]): Promise<{ added: boolean; isWaiting: boolean }> {
    const { store } = this.#options;
    let added = false;
    let isWaiting = false;
    for (let at = 0; at < names.length && this.#goesOn(); at += NAMES) {
      const some = names.slice(at, at + NAMES);
      const unknown = store.use((index) => index.unknown(some)) ?? [];
      for (let one = 0; one < unknown.length && this.#goesOn(); one += FOLDERS) {
        this.progress = { done: at + one, of: names.length };
        const runs = await Promise.all(
          unknown.slice(one, one + FOLDERS).map((name) => this.#read(name)),
        );
        const found = runs.filter(
          (run): run is IndexedRun => typeof run === 'object' && run !== null,
        );
        isWaiting = isWaiting || runs.includes('soon');
        if (found.length > 0)
          store.use((index) => {
            index.put(found);
          });
        added = added || found.length > 0;
        await turn();
      }
    }
    return { added, isWaiting };
  }

  async #removeAllBut(names: string[]): Promise<boolean> {
    const { store } = this.#options;
    const there = new Set(names);
    let removed = false;
    let ids = store.use((index) => index.idsAfter('', NAMES)) ?? [];
    while (ids.length > 0 && this.#goesOn()) {
      const gone = ids.filter((id) => !there.has(id));
      if (gone.length > 0) {
        store.use((index) => {
          index.delete(gone);
        });
        removed = true;
      }
      await turn();
      const last = ids.at(-1) ?? '';
      ids = store.use((index) => index.idsAfter(last, NAMES)) ?? [];
    }
    return removed;
  }

  #goesOn(): boolean {
    return !this.#isClosed;
  }

  /** Null for a folder that can't be used, `soon` for one that has no record yet. */
  async #read(runId: string): Promise<IndexedRun | 'soon' | null> {
    const { store, runsDirectory, flight, log } = this.#options;
    const folder = join(runsDirectory, runId);
    const changed = await lstat(folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
    if (changed === null) return null;
    if (store.use((index) => index.refused(runId)) === changed) return null;
    try {
      return await readRun(folder, flight);
    } catch (error) {
      if (!(error instanceof SoundpostError)) throw error;
      if (hasErrorCode(error, 'ENOENT') && Date.now() - changed < PATIENCE) return 'soon';
      log(error);
      store.use((index) => {
        index.refuse(runId, changed);
      });
      return null;
    }
  }
}
