import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** MB (10^6 bytes). What Soundpost adds to Electron, and all that is installed. */
const BUDGET = { own: 8, all: 340 };

/** Bytes of all files below. */
async function sizeOf(path: string): Promise<number> {
  const entry = await lstat(path);
  if (!entry.isDirectory()) return entry.size;
  const inside = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return inside.reduce((sum, size) => sum + size, 0);
}

/**
 * Says how much a package takes on the disk. `resources` is the folder in it that is ours.
 *
 * @throws Error when it is more than the budget: someone should have decided that
 */
export async function checkInstalledSize(
  folder: string,
  resources: string,
  budget = BUDGET,
): Promise<string> {
  const [all, own] = (await Promise.all([sizeOf(folder), sizeOf(resources)])).map(
    (bytes) => bytes / 1e6,
  ) as [number, number];
  const words = `${all.toFixed(1)} MB installed (of ${budget.all}), ${own.toFixed(1)} MB of it Soundpost’s own (of ${budget.own})`;
  if (all > budget.all || own > budget.own) throw new Error(`The package is too large: ${words}.`);
  return words;
}
