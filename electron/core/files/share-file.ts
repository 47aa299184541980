import { link, rename, stat } from 'node:fs/promises';
import { hasErrorCode } from '../soundpost-error.ts';
import { FileSlice, type ByteSource } from './byte-source.ts';
import { hasNoLinks, temporaryName, unwritable } from './replace-file.ts';

/**
 * Gives a file that holds exactly these bytes a second name, which costs nothing at any size. Answers false when it
 * can't be done: the bytes are part of a file, or the place is on another disk or one without hard links. From then on
 * the file has two names: whoever writes into it in place changes both.
 * @throws SoundpostError `disk_full`, `disk_error`, `file_exists`
 */
export async function shareFile(
  source: ByteSource,
  path: string,
  existing: 'replace' | 'keep',
): Promise<boolean> {
  if (!(source instanceof FileSlice) || source.offset !== 0) return false;
  try {
    if ((await stat(source.path)).size !== source.size) return false;
    if (existing === 'keep') {
      await link(source.path, path);
    } else {
      const temporary = temporaryName(path);
      await link(source.path, temporary);
      await rename(temporary, path);
    }
    return true;
  } catch (error) {
    if (hasNoLinks(error) || hasErrorCode(error, 'EXDEV', 'EMLINK')) return false;
    throw unwritable(error);
  }
}
