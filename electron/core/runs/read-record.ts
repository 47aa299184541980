import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { notesSchema } from '../../contract/history.ts';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';
import { firstRecordSchema, recordSchema, type RunRecord } from './run-record.ts';

/** Of the largest record we write: 20 Mi UTF-16 units, in UTF-8. */
const MOST_RECORD_BYTES = 64 * 1024 * 1024;
const MOST_MARKS_BYTES = 64 * 1024;

export const RECORD = 'run.json';
/**
 * What the user says of a run: a file of its own, so that a star set in the app and the end of a run in the command line
 * can't overwrite one another, and a record of megabytes isn't written anew for a star.
 */
export const MARKS = 'marks.json';

export type Marks = { star: boolean; notes: string };
const marksSchema = v.object({ version: v.literal(1), star: v.boolean(), notes: notesSchema });

/**
 * A run's record. What is read here may have been put there by anyone (a folder out of an archive): links are not
 * followed, and what does not look like ours is refused.
 * @throws SoundpostError `file_unreadable`
 */
export async function readRecord(folder: string): Promise<RunRecord> {
  const { text, mtimeMs } = await readOwn(folder, RECORD, MOST_RECORD_BYTES);
  const json = parsed(text);
  const record = v.safeParse(recordSchema, json);
  if (record.success) return { ...record.output, id: basename(folder) };
  const first = v.safeParse(firstRecordSchema, json);
  if (!first.success) throw refused('Its record does not say what one says.');
  const { intent, outcome } = first.output;
  return {
    version: 2,
    id: basename(folder),
    state: outcome.state,
    startedAt: new Date(mtimeMs - outcome.timings.total).toISOString(),
    endedAt: new Date(mtimeMs).toISOString(),
    ...{ by: 'app', intent, inputs: [], outcome },
  };
}

/** Without a star and notes when there are none, or none that can be read. */
export async function readMarks(folder: string): Promise<Marks> {
  try {
    const { text } = await readOwn(folder, MARKS, MOST_MARKS_BYTES);
    return v.parse(marksSchema, JSON.parse(text));
  } catch {
    return { star: false, notes: '' };
  }
}

/** A run's folder itself, which must be a folder and no link. @throws SoundpostError `file_unreadable` */
export async function mustBeFolder(folder: string): Promise<void> {
  const status = await lstat(folder).catch(() => null);
  if (status === null) throw refused('Its folder is not there any more.');
  if (!status.isDirectory()) throw refused('There is no folder in its place.');
}

async function readOwn(
  folder: string,
  name: string,
  most: number,
): Promise<{ text: string; mtimeMs: number }> {
  await mustBeFolder(folder);
  try {
    // Windows has no such flags; making links there takes rights that few have. A pipe must not be waited for.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW || 0) | (constants.O_NONBLOCK || 0);
    await using file = await open(join(folder, name), flags);
    const { size, mtimeMs } = await mustBeSmall(file, most);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    return { text: buffer.toString('utf8', 0, bytesRead), mtimeMs };
  } catch (error) {
    if (error instanceof SoundpostError) throw error;
    throw refused(
      hasErrorCode(error, 'ENOENT') ? 'It has no record.' : 'Its record can’t be read.',
      error,
    );
  }
}

async function mustBeSmall(
  file: { stat(): Promise<{ isFile(): boolean; size: number; mtimeMs: number }> },
  most: number,
): Promise<{ size: number; mtimeMs: number }> {
  const status = await file.stat();
  if (!status.isFile()) throw refused('Its record is no file.');
  if (status.size > most) throw refused('Its record is larger than any of ours.');
  return status;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refused('Its record is damaged.', error);
  }
}

function refused(why: string, cause?: unknown): SoundpostError {
  return new SoundpostError(
    'file_unreadable',
    `The run’s folder on this computer can’t be used. ${why}`,
    { cause },
  );
}
