import { stat } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';
import type { Delivery } from './parse-arguments.ts';

/**
 * Where the answer goes: the run's own folder, standard output, a folder of the user's, or one file. In a folder that takes
 * the answers of several files, `prefix` tells them apart.
 */
export type OutPlace =
  | { kind: 'run-folder' }
  /** The folder for saved answers, where the run itself puts it: as the preset says. */
  | { kind: 'saved'; template: string | undefined }
  | { kind: 'stdout' }
  | { kind: 'folder'; path: string; prefix?: string }
  | { kind: 'file'; path: string };

/**
 * What `--out` means, and that it can be done, before a model works for it.
 * @throws SoundpostError `file_exists`, `disk_error`; the message names the path as the user wrote it
 */
export async function outPlace({ out, force }: Pick<Delivery, 'out' | 'force'>): Promise<OutPlace> {
  if (out === undefined) return { kind: 'run-folder' };
  if (out === '-') return { kind: 'stdout' };
  const there = await what(out);
  if (there === 'folder') return { kind: 'folder', path: out };
  if (there === 'nothing' && (out.endsWith('/') || out.endsWith(sep))) throw noFolder(out);
  if (there === 'nothing') {
    if ((await what(dirname(out))) !== 'folder') throw noFolder(dirname(out), out);
    return { kind: 'file', path: out };
  }
  if (there === 'other') {
    throw new SoundpostError('disk_error', `${out}: That is not an ordinary file. Name another.`);
  }
  if (!force) throw taken(out);
  return { kind: 'file', path: out };
}

/** The name is in use, and `--force` was not given. */
export function taken(path: string, cause?: unknown): SoundpostError {
  return new SoundpostError(
    'file_exists',
    `${path}: A file with that name is there already. Add --force to replace it, or choose another name.`,
    { cause },
  );
}

function noFolder(folder: string, path = folder): SoundpostError {
  return new SoundpostError(
    'disk_error',
    `${path}: There is no folder ${folder}. Make it first, or choose another place.`,
  );
}

async function what(path: string): Promise<'nothing' | 'folder' | 'file' | 'other'> {
  try {
    const status = await stat(path);
    if (status.isDirectory()) return 'folder';
    return status.isFile() ? 'file' : 'other';
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return 'nothing';
    throw new SoundpostError(
      'disk_error',
      `${path}: This account may not look there. Choose another place.`,
      { cause: error },
    );
  }
}
