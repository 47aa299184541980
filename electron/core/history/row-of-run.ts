import type { HistoryRow } from '../../contract/history.ts';
import type { Target } from '../../contract/intent.ts';
import type { OutputValue } from '../../contract/run.ts';
import type { Marks } from '../runs/read-record.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { searchForm } from './search-text.ts';

const MOST_NAMES = 8;
const LONGEST_EXCERPT = 160;
/** Letters of a run that can be searched: an index of a hundred thousand runs stays in the hundreds of megabytes. */
const MOST_SEARCHED = { asked: 1000, answered: 2000, notes: 2000 };

/** A run as the index has it. */
export type IndexedRun = {
  row: HistoryRow;
  /** Milliseconds since 1970 */
  started: number;
  /** In the form that is searched. */
  text: string;
  /** False while somebody may still write its record. */
  isSettled: boolean;
};

/** What the list shows of a run, and what finds it. `size` in bytes. */
export function rowOfRun(record: RunRecord, marks: Marks, size: number): IndexedRun {
  const { outcome, intent, preset } = record;
  const asked = askedTexts(record);
  const answered = answerText(record);
  const { model, deployment } = modelOf(intent.target);
  const excerpt = [answered, asked.join(' ')].map(oneLine).find((text) => text !== '');
  const note = oneLine(marks.notes);
  const row: HistoryRow = {
    runId: record.id,
    startedAt: record.startedAt,
    ...{ state: record.state, by: record.by, model },
    ...(deployment === undefined ? {} : { deployment }),
    ...(preset ? { preset } : {}),
    inputs: record.inputs.slice(0, MOST_NAMES).map(({ name }) => name),
    ...(excerpt === undefined ? {} : { excerpt }),
    parts: [...new Set(record.parts?.map(({ kind }) => kind.media))].slice(0, MOST_NAMES),
    ...(outcome.status === undefined ? {} : { status: outcome.status }),
    ...(outcome.failure && record.state !== 'running' ? { failure: outcome.failure.code } : {}),
    total: outcome.timings.total,
    ...{ sent: outcome.sent, received: outcome.received, size },
    star: marks.star,
    ...(note === '' ? {} : { note }),
  };
  const text = [
    ...record.inputs.map(({ name }) => name),
    ...[model, deployment ?? '', preset?.name ?? '', outcome.requestId ?? ''],
    asked.join(' ').slice(0, MOST_SEARCHED.asked),
    answered.slice(0, MOST_SEARCHED.answered),
    outcome.failure && record.state !== 'running' ? outcome.failure.message : '',
    marks.notes.slice(0, MOST_SEARCHED.notes),
  ];
  return {
    row,
    started: Date.parse(record.startedAt),
    text: searchForm(text.join(' ')),
    isSettled: record.lease === undefined && record.state !== 'running',
  };
}

/** What is typed to say the same model again. */
/** What a list of runs calls the model, and which deployment of it. */
export function modelOf(target: Target): { model: string; deployment?: string } {
  if (target.kind === 'demo') return { model: `demo:${target.model}` };
  if (target.kind === 'url') {
    const url = URL.parse(target.url);
    return { model: url ? `${url.host}${url.pathname}` : target.url.slice(0, LONGEST_EXCERPT) };
  }
  const { deployment, modelId } = target;
  if (deployment.kind === 'environment') {
    return { model: modelId, deployment: `env:${deployment.name}` };
  }
  return {
    model: modelId,
    deployment: deployment.kind === 'deployment' ? deployment.id : deployment.kind,
  };
}

function askedTexts({ intent }: RunRecord): string[] {
  return intent.fields.flatMap(({ value }) => {
    if (value.type === 'text' || value.type === 'json') {
      return [value.text.slice(0, MOST_SEARCHED.asked)];
    }
    return [];
  });
}

/** The answer's words: its text, or those of its message, as many as are searched. */
function answerText({ outcome: { text, output } }: RunRecord): string {
  if (text !== undefined) return text.slice(0, MOST_SEARCHED.answered);
  if (output === undefined) return '';
  const words: string[] = [];
  collectWords(output, words, { letters: MOST_SEARCHED.answered, values: MOST_SEARCHED.answered });
  return words.join(' ');
}

function collectWords(
  value: OutputValue,
  words: string[],
  left: { letters: number; values: number },
): void {
  if (left.letters <= 0 || left.values <= 0) return;
  left.values -= 1;
  if (typeof value === 'string') {
    words.push(value.slice(0, left.letters));
    left.letters -= value.length + 1;
  } else if (value !== null && typeof value === 'object' && !('$type' in value)) {
    for (const inner of Object.values(value)) collectWords(inner, words, left);
  }
}

function oneLine(text: string): string {
  const line = text
    .slice(0, 4 * LONGEST_EXCERPT)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST_EXCERPT ? `${line.slice(0, LONGEST_EXCERPT - 1)}…` : line;
}
