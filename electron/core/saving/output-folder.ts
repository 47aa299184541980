import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';

/** Where answers are saved unless the settings name another folder: the same for the app and the command line. */
export const usualFolder = (home: string): string => join(home, 'Music', 'Soundpost');

/**
 * Makes the folder for saved answers, and those above it, where they are missing; sees that files can be put there.
 * `display` makes of the path what may be shown.
 * @throws SoundpostError `disk_full`, `disk_error`
 */
export async function makeOutputFolder(
  path: string,
  display: (path: string) => string,
): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (error) {
    if (hasErrorCode(error, 'ENOSPC', 'EDQUOT')) {
      throw new SoundpostError('disk_full', 'The disk of this computer is full.', { cause: error });
    }
    const why = hasErrorCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOENT')
      ? 'This account may not write there'
      : hasErrorCode(error, 'EEXIST', 'ENOTDIR')
        ? 'A file is in its place'
        : 'The disk may have a fault';
    throw new SoundpostError(
      'disk_error',
      `Answers can’t be saved in ${display(path)} on this computer. ${why}: choose another folder in the settings.`,
      { cause: error },
    );
  }
}
