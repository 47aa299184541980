import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { scratchDirectory } from './scratch-directory.ts';

const run = promisify(execFile);

export type SmallDisk = AsyncDisposable & { path: string; makeReadOnly(): Promise<void> };

/** A disk of its own that holds so many MiB; null, said aloud, where this account may not mount one. */
export async function smallDisk(mebibytes: number): Promise<SmallDisk | null> {
  const scratch = await scratchDirectory();
  const path = join(scratch.path, 'small');
  await mkdir(path);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path]);
  } catch {
    console.warn('SKIPPED: a full disk needs the right to mount a tmpfs.');
    await scratch[Symbol.asyncDispose]();
    return null;
  }
  return {
    path,
    makeReadOnly: async () => {
      await run('mount', ['-o', 'remount,ro', path]);
    },
    async [Symbol.asyncDispose]() {
      await run('umount', ['-l', path]);
      await scratch[Symbol.asyncDispose]();
    },
  };
}
