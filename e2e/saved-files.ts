import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ElectronApplication } from 'playwright-core';

export type SavedFile = { name: string; path: string };

const SAVED_WITHIN_MS = 10_000;

/** The system's dialog can't be reached by any driver, so it alone is answered in its place. */
export async function agreeToSave(app: ElectronApplication, folder: string): Promise<void> {
  await app.evaluate(({ dialog }, to) => {
    const agree = (_window: unknown, options: { defaultPath?: string }) => {
      const name = options.defaultPath?.split(/[\\/]/).pop() ?? 'file';
      return Promise.resolve({ canceled: false, filePath: `${to}/${name}` });
    };
    Object.assign(dialog, { showSaveDialog: agree });
  }, folder);
}

/** The one file that comes to be in a folder. Unfinished ones have names of their own, with a dot first. */
export async function savedIn(folder: string): Promise<SavedFile> {
  const until = AbortSignal.timeout(SAVED_WITHIN_MS);
  for (;;) {
    until.throwIfAborted();
    const name = (await readdir(folder)).find((entry) => !/^\.|\.tmp$/.test(entry));
    if (name) return { name, path: join(folder, name) };
    await setTimeout(50);
  }
}
