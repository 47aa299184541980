import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { makeDirectory } from './replace-file.ts';

/** Milliseconds. One change is several events: the lock, the copy, the file itself. */
const QUIET = 100;

/**
 * Calls `onChange` a little after a file was written or replaced, by whichever process. Its folder is watched, since a file that
 * is replaced is another one each time.
 * @returns the function that stops
 * @throws SoundpostError `disk_full`, `disk_error`, and an error of the system when it can watch no more
 */
export async function watchFile(
  path: string,
  onChange: () => void,
  log: (error: unknown) => void,
): Promise<() => void> {
  await makeDirectory(dirname(path));
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
    if (name !== null && name !== basename(path)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET);
  });
  watcher.on('error', log);
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
