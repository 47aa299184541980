import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileSlice, type SliceableBytes } from '../files/byte-source.ts';
import type { DecodedAnswer } from '../invocation/received.ts';
import { takeApart } from '../invocation/take-apart.ts';
import { partRecords } from '../runs/part-record.ts';
import { RunFolder } from '../runs/run-folder.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { unpack } from '../transport/content-encoding.ts';
import { readSplit } from '../transport/split-answer.ts';

/**
 * Finds the parts of an answer whose run did not come to that: it was interrupted, or its record is of an older kind.
 * What was cut short gives what came, as for any answer. The record with the parts in it is put down when that can be done.
 */
export async function takeApartAgain(
  path: string,
  record: RunRecord,
  log: (error: unknown) => void,
): Promise<RunRecord> {
  const folder = RunFolder.again(path);
  const file = await answerFile(folder, record);
  const { decoded } = file
    ? await takeApart({
        file: file.bytes,
        contentType: header(record, 'content-type') ?? '',
        isStream: header(record, 'content-length') === undefined,
        intent: record.intent,
        folder,
      })
    : { decoded: nothing };
  const { parts, warnings, output, outputTruncated, flaws, text } = decoded;
  const wasInterrupted = record.state === 'interrupted';
  const next: RunRecord = {
    ...record,
    ...(wasInterrupted && file ? { endedAt: new Date(file.changed).toISOString() } : {}),
    outcome: wasInterrupted
      ? {
          ...record.outcome,
          ...(output === undefined ? {} : { output }),
          ...(outputTruncated ? { outputTruncated } : {}),
          ...(flaws ? { flaws } : {}),
          ...(text === undefined ? {} : { text }),
          warnings,
          received: file?.received ?? 0,
          timings: { ...record.outcome.timings, total: totalOf(record, file?.changed) },
        }
      : record.outcome,
    parts: await partRecords(parts, folder),
  };
  delete next.lease;
  await folder
    .writeRecord(next, { hide: (text) => text, isFlushed: true })
    .catch((error: unknown) => {
      log(error);
    });
  return next;
}

const nothing: DecodedAnswer = { parts: [], warnings: [] };

type AnswerFile = {
  bytes: SliceableBytes;
  /** bytes on disk, as they came */
  received: number;
  /** Milliseconds since 1970 */
  changed: number;
};

async function answerFile(folder: RunFolder, record: RunRecord): Promise<AnswerFile | null> {
  const rest = await ownFile(folder.responsePath);
  if (!rest) return null;
  const apart = await ownFile(folder.apartPath);
  const answer = apart ? await readSplit(rest.slice, apart.slice) : rest.slice;
  const unpacked = await unpack(
    answer,
    header(record, 'content-encoding') ?? '',
    join(folder.path, `response-unpacked.${Date.now().toString(36)}`),
  ).catch(() => null);
  return {
    bytes: unpacked && unpacked.bytes.size > 0 ? unpacked.bytes : answer,
    received: answer.size,
    changed: Math.max(rest.changed, apart?.changed ?? 0),
  };
}

/** A file of the run's own; null when there is none, or a link in its place. */
async function ownFile(path: string): Promise<{ slice: FileSlice; changed: number } | null> {
  const status = await lstat(path).catch(() => null);
  if (!status?.isFile()) return null;
  return { slice: new FileSlice(path, 0, status.size), changed: status.mtimeMs };
}

function totalOf({ startedAt, outcome }: RunRecord, changed: number | undefined): number {
  const total = Math.round((changed ?? 0) - Date.parse(startedAt));
  return Math.max(total, outcome.timings.total);
}

function header({ outcome }: RunRecord, name: string): string | undefined {
  return outcome.headers.find(([key]) => key.toLowerCase() === name)?.[1];
}
