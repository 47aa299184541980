import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRecord } from '../runs/run-record.ts';

/** When the first written run began. */
export const FIRST_START = Date.UTC(2026, 0, 1);

/** A run's folder as an earlier program left it: done, a minute after the one before, with an answer of so many bytes. */
export async function writeRunFolder(
  runsDirectory: string,
  number: number,
  bytes = 100,
  record: Partial<RunRecord> = {},
): Promise<string> {
  const runId = `run-${String(number).padStart(6, '0')}`;
  const folder = join(runsDirectory, runId);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'response.bin'), Buffer.alloc(bytes, number));
  const startedAt = new Date(FIRST_START + number * 60_000);
  await writeFile(
    join(folder, 'run.json'),
    JSON.stringify({ ...recordOf(runId, startedAt, bytes), ...record }),
  );
  await utimes(folder, startedAt, startedAt);
  return runId;
}

export function recordOf(runId: string, startedAt: Date, bytes: number): RunRecord {
  return {
    version: 2,
    id: runId,
    state: 'done',
    startedAt: startedAt.toISOString(),
    endedAt: new Date(startedAt.getTime() + 1500).toISOString(),
    by: 'app',
    intent: {
      target: { kind: 'model', modelId: 'abc123', deployment: { kind: 'production' } },
      ...{ auth: 'api-key', body: 'msgpack', answer: 'auto' },
      fields: [{ name: 'text', value: { type: 'text', text: `Sentence of ${runId}` } }],
    },
    inputs: [],
    outcome: {
      ...{ runId, state: 'done', warnings: [], parts: [], headers: [] },
      ...{ url: 'https://model-abc123.api.baseten.co/production/predict', status: 200 },
      ...{ sent: 10, received: bytes, timings: { total: 1500 } },
    },
    parts: [
      {
        name: 'answer',
        kind: { media: 'bytes', label: 'bytes', extension: 'bin' },
        mediaType: 'application/octet-stream',
        pieces: [{ file: 'response.bin', offset: 0, size: bytes }],
      },
    ],
  };
}
