import type { Dirent } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CrashDumpUsage } from '../../contract/crash.ts';
import { unwritable } from '../files/replace-file.ts';
import { hasErrorCode } from '../soundpost-error.ts';

/** What is kept of crash dumps at most, newest first. */
type CrashDumpLimits = { count: number; bytes: number; days: number };

const usualLimits: CrashDumpLimits = {
  count: 10,
  bytes: 100 * 1000 * 1000,
  days: 30,
};

type Dump = { path: string; name: string; bytes: number; at: number };

const DAY = 24 * 60 * 60 * 1000;

/**
 * The folder that Electron's crash reporter (Crashpad) writes to: a `.dmp` for each crash, in subfolders that differ by system,
 * and small files of the same name. Crashpad keeps all of them for good; this keeps few. What is no crash's is left alone, and so
 * is what a link leads to.
 */
export class CrashDumps {
  readonly #folder: string;
  readonly #now: () => Date;

  constructor(folder: string, now: () => Date) {
    this.#folder = folder;
    this.#now = now;
  }

  get folder(): string {
    return this.#folder;
  }

  /** @throws SoundpostError `disk_error` */
  async usage(): Promise<CrashDumpUsage> {
    const dumps = await this.#dumps();
    return { count: dumps.length, bytes: dumps.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  /** Deletes the oldest ones until the rest is within the limits. @throws SoundpostError `disk_error` */
  async purge(limits = usualLimits): Promise<void> {
    const dumps = await this.#dumps();
    const oldest = this.#now().getTime() - limits.days * DAY;
    let bytes = 0;
    const gone = dumps.filter((dump, at) => {
      bytes += dump.bytes;
      return at >= limits.count || bytes > limits.bytes || dump.at < oldest;
    });
    await this.#remove(gone);
  }

  /** Deletes all of them. @throws SoundpostError `disk_error` */
  async clear(): Promise<void> {
    await this.#remove(await this.#dumps());
  }

  /** Newest first. */
  async #dumps(): Promise<Dump[]> {
    const dumps: Dump[] = [];
    for (const entry of await this.#files()) {
      if (!entry.name.endsWith('.dmp')) continue;
      const path = join(entry.parentPath, entry.name);
      try {
        const { size, mtimeMs } = await lstat(path);
        dumps.push({ path, name: basename(entry.name, '.dmp'), bytes: size, at: mtimeMs });
      } catch (error) {
        // Crashpad moves a dump while it is being finished.
        if (!hasErrorCode(error, 'ENOENT')) throw unwritable(error);
      }
    }
    return dumps.toSorted((a, b) => b.at - a.at);
  }

  async #files(): Promise<Dirent[]> {
    try {
      const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile());
    } catch (error) {
      if (hasErrorCode(error, 'ENOENT')) return [];
      throw unwritable(error);
    }
  }

  /** With what lies beside them under their names, also where Crashpad left that alone. */
  async #remove(dumps: Dump[]): Promise<void> {
    if (dumps.length === 0) return;
    const names = new Set(dumps.map(({ name }) => name));
    const beside = (await this.#files()).filter(({ name }) =>
      names.has(name.replace(/\.(?:dmp|meta|lock)$/, '')),
    );
    try {
      for (const { parentPath, name } of beside) await rm(join(parentPath, name), { force: true });
      for (const name of names) {
        await rm(join(this.#folder, 'attachments', name), { recursive: true, force: true });
      }
    } catch (error) {
      throw unwritable(error);
    }
  }
}
