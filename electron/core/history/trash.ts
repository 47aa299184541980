import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory, unwritable } from '../files/replace-file.ts';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';

/** How long a removed run can be brought back, in milliseconds: long enough to see what is missing. */
export const UNDO_TIME = 10 * 60_000;

/** Where removed runs wait: a folder beside the runs, so that moving there and back is one step and writes nothing. */
export class Trash {
  readonly #path: string;
  readonly #runsDirectory: string;

  constructor(path: string, runsDirectory: string) {
    this.#path = path;
    this.#runsDirectory = runsDirectory;
  }

  /** @throws SoundpostError `disk_error`, `disk_full`, `invalid_request` when there is no such run */
  async put(runId: string): Promise<void> {
    await makeDirectory(this.#path);
    await move(join(this.#runsDirectory, runId), join(this.#path, `${Date.now()}.${runId}`));
  }

  /** Deletes for good, and in one step for whoever looks at the runs meanwhile. */
  async discard(runId: string): Promise<void> {
    const path = join(this.#runsDirectory, runId);
    const aside = join(this.#path, `0.${runId}`);
    try {
      await makeDirectory(this.#path);
      await rm(aside, { recursive: true, force: true });
      await rename(path, aside);
    } catch {
      // On a full disk no folder can be made, and this is what makes room.
      await rm(path, { recursive: true, force: true });
    }
    await rm(aside, { recursive: true, force: true });
  }

  /** The newest of that id. @throws SoundpostError `invalid_request` when it is gone, or another has its place */
  async takeBack(runId: string): Promise<void> {
    const [newest] = (await this.#entries())
      .filter((entry) => entry.runId === runId)
      .sort((a, b) => b.since - a.since);
    if (!newest) throw gone();
    await move(join(this.#path, newest.name), join(this.#runsDirectory, runId));
  }

  /** Deletes for good what has been here for so long, in milliseconds. */
  async purge(age: number): Promise<void> {
    const now = Date.now();
    for (const { name, since } of await this.#entries()) {
      if (now - since >= age) await rm(join(this.#path, name), { recursive: true, force: true });
    }
  }

  async #entries(): Promise<{ name: string; runId: string; since: number }[]> {
    const names = await readdir(this.#path).catch(() => []);
    return names.flatMap((name) => {
      const [, since, runId] = /^(\d{1,16})\.([\w-]{1,64})$/.exec(name) ?? [];
      return since === undefined || runId === undefined
        ? []
        : [{ name, runId, since: Number(since) }];
    });
  }
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) throw gone();
    if (hasErrorCode(error, 'ENOTEMPTY', 'EEXIST')) {
      throw new SoundpostError('invalid_request', 'A run with that id is there already.');
    }
    throw unwritable(error);
  }
}

const gone = (): SoundpostError =>
  new SoundpostError('invalid_request', 'That run is not there any more.');
