import type { HistoryIndex } from '../electron/core/history/history-index.ts';
import { rowOfRun, type IndexedRun } from '../electron/core/history/row-of-run.ts';
import type { RunRecord } from '../electron/core/runs/run-record.ts';

const MINUTE = 60_000;
const words =
  'four score and seven years ago our fathers brought forth upon this continent a new nation conceived in liberty and dedicated to the proposition that all men are created equal now we are engaged in a great civil war testing whether that nation or any so conceived can long endure'.split(
    ' ',
  );

/** bytes: a hundred thousand of them are within the limit of the history */
const SIZE = 50_000;

/** Puts that many runs into an index, without folders. */
export function fillIndex(index: HistoryIndex, count: number): void {
  for (let at = 0; at < count; at += 500) {
    const piece: IndexedRun[] = [];
    for (let one = at; one < Math.min(at + 500, count); one += 1) {
      piece.push(rowOfRun(record(one), { star: one % 50 === 0, notes: '' }, SIZE));
    }
    index.put(piece);
  }
}

/** When a run of that number began: one a minute. */
export function epoch(one: number): number {
  return Date.UTC(2026, 0, 1) + Math.floor(one) * MINUTE;
}

/** Speech recognition and synthesis in turn, with the words of people. */
export function record(one: number): RunRecord {
  const said = Array.from(
    { length: 60 },
    (_, at) => words[(one * 7 + at * (1 + (one % 11))) % words.length],
  );
  if (one % 5000 === 17) said.push('zeppelin');
  const runId = `00000000-0000-4000-8000-${String(one).padStart(12, '0')}`;
  const hasFailed = one % 40 === 3;
  return {
    version: 2,
    id: runId,
    state: hasFailed ? 'failed' : 'done',
    startedAt: new Date(epoch(one)).toISOString(),
    endedAt: new Date(epoch(one) + 3000).toISOString(),
    by: one % 3 === 0 ? 'cli' : 'app',
    intent: {
      target: {
        kind: 'model',
        modelId: `model${String(one % 20).padStart(2, '0')}`,
        deployment: { kind: 'production' },
      },
      ...{ auth: 'api-key', body: 'msgpack', answer: 'auto' },
      fields: [{ name: 'language', value: { type: 'text', text: 'en' } }],
    },
    inputs: [
      {
        inputId: 'one',
        name: `interview-${String(one).padStart(5, '0')}.mp3`,
        size: 130_000,
        file: 'input-1.mp3',
      },
    ],
    outcome: {
      runId,
      state: hasFailed ? 'failed' : 'done',
      warnings: [],
      url: 'https://model-abc.api.baseten.co/production/predict',
      status: 200,
      requestId: `${((one * 2654435761) % 2 ** 32).toString(16)}c0ffee`,
      sent: 130_500,
      received: 20_000,
      timings: { total: 2500 },
      headers: [['content-type', 'application/octet-stream']],
      parts: [],
      output: { text: said.join(' ') },
    },
    parts: [],
  };
}
