import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';
import type { ByteSource } from './byte-source.ts';

const COPY_BYTES = 1024 * 1024;

type Options = {
  /** What to do when `path` exists: `replace` it in one step, or `keep` it and fail with `file_exists`. */
  existing: 'replace' | 'keep';
  /** The new file's permissions before the umask; private to this account by default. */
  mode?: number;
  signal?: AbortSignal;
  /** False: whole or not at all when a program ends, but not when the power goes. Nobody waits for the disk. */
  isFlushed?: boolean;
};

/**
 * Writes a file whole or not at all: into a temporary file beside it, flushed to the disk, then put in place in one
 * step. When anything fails, what was there before is untouched and nothing is left behind.
 * @throws SoundpostError `disk_full`, `disk_error`, `file_exists`
 */
export async function replaceFile(
  path: string,
  content: Iterable<ByteSource>,
  { existing, mode = 0o600, signal, isFlushed = true }: Options,
): Promise<void> {
  const temporary = temporaryName(path);
  try {
    {
      await using file = await open(temporary, 'wx', mode);
      for (const source of content) await copy(source, file, signal);
      if (isFlushed) await file.sync();
    }
    if (existing === 'replace') {
      await rename(temporary, path);
    } else {
      await placeUnderFreeName(temporary, path);
      await rm(temporary);
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(error);
  }
  if (isFlushed) await syncDirectory(dirname(path));
}

/** A hidden name beside `path` that nothing else has. */
export function temporaryName(path: string): string {
  const random = randomBytes(6).toString('hex');
  return join(dirname(path), `.${basename(path).slice(0, 50)}.${random}.tmp`);
}

/** A hard link fails when the name is taken, so there is no moment between looking and writing. */
async function placeUnderFreeName(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!hasNoLinks(error)) throw error;
    await copyToFreeName(temporary, path);
  }
}

/** File systems without hard links answer so. */
export const hasNoLinks = (error: unknown): boolean =>
  hasErrorCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS');

/**
 * For file systems without hard links, as on many USB sticks. Fails with EEXIST when the name is taken; when anything
 * else fails, the half-written copy is removed.
 */
export async function copyToFreeName(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    await using file = await open(to, 'r+');
    await file.sync();
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) await rm(to, { force: true });
    throw error;
  }
}

async function copy(source: ByteSource, file: FileHandle, signal?: AbortSignal): Promise<void> {
  for (let offset = 0; offset < source.size;) {
    signal?.throwIfAborted();
    const bytes = await source.read(offset, COPY_BYTES);
    if (bytes.length === 0) {
      throw new SoundpostError(
        'file_changed',
        'The file became shorter while it was being read. Nothing was written; try again.',
      );
    }
    // `writeFile` loops until all is written; a single `write` may stop short on a full disk.
    await file.writeFile(bytes);
    offset += bytes.length;
  }
}

/** Without this a power cut may forget the rename on POSIX. Windows can't open directories and needs no such thing. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using directory = await open(path, 'r');
  await directory.sync();
}

/** Makes a folder and those above it, private to this account. @throws SoundpostError `disk_full`, `disk_error` */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    // Node says ENOENT for a disk that can only be read, and EEXIST for a file in the folder's place.
    const why = hasErrorCode(error, 'ENOENT')
      ? 'This account may not write there.'
      : hasErrorCode(error, 'EEXIST', 'ENOTDIR')
        ? 'There is a file of that name; move it away.'
        : null;
    if (why === null) throw unwritable(error);
    throw new SoundpostError(
      'disk_error',
      `The folder that Soundpost keeps its files in can’t be made on this computer. ${why}`,
      { cause: error },
    );
  }
}

/** An error met while writing, in words. */
export function unwritable(error: unknown): Error {
  if (error instanceof SoundpostError) return error;
  if (error instanceof Error && error.name === 'AbortError') return error;
  if (hasErrorCode(error, 'ENOSPC', 'EDQUOT')) {
    return new SoundpostError(
      'disk_full',
      'The disk of this computer is full. Free some space and try again.',
      { cause: error },
    );
  }
  if (hasErrorCode(error, 'EEXIST')) {
    return new SoundpostError(
      'file_exists',
      'A file with that name is there already, and was left as it is. Choose another name.',
      { cause: error },
    );
  }
  const why = hasErrorCode(error, 'EACCES', 'EPERM', 'EROFS')
    ? 'This account may not write there.'
    : hasErrorCode(error, 'ENOENT', 'ENOTDIR')
      ? 'The folder is not there.'
      : hasErrorCode(error, 'ENAMETOOLONG')
        ? 'Its name is too long.'
        : 'The disk may have a fault.';
  return new SoundpostError(
    'disk_error',
    `The file can't be written on this computer. ${why} Choose another place.`,
    { cause: error },
  );
}
