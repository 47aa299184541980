import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readMarks, readRecord } from '../runs/read-record.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { rowOfRun, type IndexedRun } from './row-of-run.ts';

/** What is known of runs in flight. */
export type Flight = {
  /** Whether somebody is at work on the run: this process or another one that lives. */
  isHeld(record: RunRecord): Promise<boolean>;
};

/** A run's folder as the index has it. @throws SoundpostError `file_unreadable` */
export async function readRun(folder: string, flight: Flight): Promise<IndexedRun> {
  const record = await readRecord(folder);
  const [marks, size, isHeld] = await Promise.all([
    readMarks(folder),
    sizeOf(folder),
    flight.isHeld(record),
  ]);
  const indexed = rowOfRun(asItStands(record, isHeld), marks, size);
  if (indexed.row.state === 'interrupted' && !record.parts) {
    indexed.row.received = await answerSize(folder);
  }
  return { ...indexed, isSettled: indexed.isSettled || !isHeld };
}

/** A run that nobody is at work on any more was interrupted. */
export function asItStands(record: RunRecord, isHeld: boolean): RunRecord {
  return record.state === 'running' && !isHeld ? { ...record, state: 'interrupted' } : record;
}

/** Bytes of a folder's files. Links count as what they are, and no folder lies in it that is ours. */
export async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      lstat(join(folder, name)).then(
        (status) => (status.isFile() ? status.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What had come of an answer that nobody counted. */
async function answerSize(folder: string): Promise<number> {
  const sizes = await Promise.all(
    ['response.bin', 'response-bytes.bin'].map((name) =>
      lstat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
