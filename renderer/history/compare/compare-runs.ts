import type { HistoryEntry, HistoryInput } from '../../../electron/contract/history.ts';
import type { FieldValue, Intent } from '../../../electron/contract/intent.ts';
import type { OutputValue, RunOutcome } from '../../../electron/contract/run.ts';
import { formatBytes, formatTime, formatTook } from '../../parts/format.ts';
import { readingWords } from '../../parts/pcm-words.ts';
import { outputView } from '../../result/outcome-view.ts';
import { modelWords } from '../../parts/run-words.ts';

/** One thing of two runs; undefined where a run has none. */
export type Row = {
  what: string;
  a: string | undefined;
  b: string | undefined;
  /** `own`: no two runs have the same, so that it tells nothing. */
  verdict: 'same' | 'different' | 'only-a' | 'only-b' | 'own';
};

export type Group = { name: string; rows: Row[] };

type Told = [what: string, value: string | undefined];

/** Two runs side by side: each thing that at least one of them has. */
export function compareRuns(a: HistoryEntry, b: HistoryEntry): Group[] {
  const groups = [
    { name: 'Request', tell: request },
    { name: 'Fields', tell: fields },
    { name: 'Result', tell: result },
    { name: 'Times', tell: times },
    { name: 'Answer', tell: answer },
  ];
  return groups
    .map(({ name, tell }) => ({ name, rows: rowsOf(tell(a), tell(b)) }))
    .filter(({ rows }) => rows.length > 0);
}

/** Things of the same name side by side; of several of one name the first with the first. */
function rowsOf(a: Told[], b: Told[]): Row[] {
  const left = b.filter(([, value]) => value !== undefined);
  const rows = a.flatMap(([what, value]): Row[] => {
    const at = left.findIndex(([other]) => other === what);
    const [found] = at < 0 ? [] : left.splice(at, 1);
    if (value === undefined && !found) return [];
    return [rowOf(what, value, found?.[1])];
  });
  return [...rows, ...left.map(([what, value]) => rowOf(what, undefined, value))];
}

const owned = ['Started', 'Request id'];

function rowOf(what: string, a: string | undefined, b: string | undefined): Row {
  if (owned.includes(what)) return { what, a, b, verdict: 'own' };
  if (a === undefined) return { what, a, b, verdict: 'only-b' };
  if (b === undefined) return { what, a, b, verdict: 'only-a' };
  return { what, a, b, verdict: a === b ? 'same' : 'different' };
}

function request({ row, intent }: HistoryEntry): Told[] {
  const { limits, retries, pcm } = intent;
  return [
    ['Preset', row.preset?.name],
    ['Model', modelWords(row.model)],
    ['Deployment', row.deployment],
    ['Path', intent.target.kind === 'model' ? intent.target.path : undefined],
    ['Body', intent.body],
    ['Answer read as', intent.answer],
    ['Headerless sound', pcm && readingWords(pcm)],
    ['Key sent as', intent.auth],
    [
      'Time limits',
      limits &&
        Object.entries(limits)
          .map(([name, s]) => `${name} ${s} s`)
          .join(', '),
    ],
    ['Further tries', retries === undefined ? undefined : String(retries)],
    ['Made by', row.by === 'cli' ? 'command line' : 'app'],
  ];
}

function fields({ intent, inputs }: HistoryEntry): Told[] {
  const files = [...inputs];
  return intent.fields.map(({ name, value }) => [name, valueWords(value, files)]);
}

/** A file by what tells it from another; `files` are those of the fields that are left. */
function valueWords(value: FieldValue, files: HistoryInput[]): string {
  switch (value.type) {
    case 'text':
      return value.text;
    case 'number':
      return value.literal;
    case 'switch':
      return String(value.on);
    case 'json':
      return prettyJson(value.text);
    case 'file': {
      const at = files.findIndex(({ input }) => input && input.id === value.inputId);
      const [file] = files.splice(Math.max(0, at), 1);
      return file ? fileWords(file, value.travel) : 'no file';
    }
  }
}

function fileWords({ name, size, sha256 }: HistoryInput, travel: FileTravel): string {
  const as = !travel || travel.as === 'auto' ? '' : `sent as ${travelWords(travel)}`;
  const hash = sha256 ? `SHA-256 ${sha256.slice(0, 16)}…` : '';
  return [name, formatBytes(size), hash, as].filter(Boolean).join('\n');
}

type FileTravel = Extract<Intent['fields'][number]['value'], { type: 'file' }>['travel'];

function travelWords(travel: NonNullable<FileTravel>): string {
  if (travel.as !== 'samples') return travel.as;
  return `samples, ${travel.dtype} ${travel.sampleRate} Hz ${travel.shape}`;
}

/** With a line for each value, so that two can be compared; text that is no JSON stays. */
function prettyJson(text: string): string {
  try {
    // What JavaScript can't write back as it was stays too: 1.0, and integers beyond 2^53.
    const value: unknown = JSON.parse(text);
    return /\d\.0+\b|\d{16}/.test(text) ? text : JSON.stringify(value, null, 2);
  } catch {
    return text;
  }
}

function result({ row, outcome }: HistoryEntry): Told[] {
  const { status, statusText, failure, attempts, requestId, warnings } = outcome;
  return [
    ['State', row.state],
    ['Status', status === undefined ? undefined : `${status} ${statusText ?? ''}`.trim()],
    ['Failure', failure && row.state !== 'running' ? failure.message : undefined],
    ...warnings.map((warning): Told => ['Note', warning]),
    ['Tries', attempts === undefined ? undefined : String(attempts)],
    ['Request id', requestId],
    ['Sent', formatBytes(row.sent)],
    ['Received', formatBytes(row.received)],
  ];
}

function times({ row, outcome: { timings, stream } }: HistoryEntry): Told[] {
  const took = (value: number | undefined): string | undefined =>
    value === undefined ? undefined : formatTook(value);
  return [
    ['Started', new Date(row.startedAt).toLocaleString()],
    ['Connected', took(timings.connected)],
    ['Request sent', took(timings.uploaded)],
    ['First byte', took(timings.firstByte)],
    ['First sound', took(stream?.firstAudio)],
    ['First audible sound', took(stream?.firstAudible)],
    ['Total', took(timings.total)],
    ['Sound', stream?.soundSeconds === undefined ? undefined : formatTime(stream.soundSeconds)],
    ['Real-time factor', stream?.realTimeFactor?.toFixed(2)],
    ['Pieces', stream?.pieces === undefined ? undefined : String(stream.pieces)],
    ['Between two pieces', took(stream?.gapP50)],
    ['95 % under', took(stream?.gapP95)],
  ];
}

/** Beyond so many letters a value is cut: two that long are compared elsewhere. */
const LONGEST = 20_000;

/** The parts, and what of the message is neither sound nor the text that is compared beside it. */
function answer({ outcome }: { outcome: RunOutcome }): Told[] {
  const { rest } = outputView(outcome);
  const isMap = typeof rest === 'object' && rest !== null && !Array.isArray(rest);
  const values =
    rest === undefined ? [] : isMap ? Object.entries(rest) : [['Message', rest] as const];
  return [
    ...outcome.parts.map(({ name, kind, size }): Told => [
      name,
      `${kind.label}, ${formatBytes(size)}`,
    ]),
    ...values.map(([name, value]): Told => [name, valueText(value).slice(0, LONGEST)]),
  ];
}

function valueText(value: OutputValue): string {
  if (typeof value === 'string') return value;
  return (
    bytesWords(value) ?? JSON.stringify(value, (_, inner: unknown) => bytesWords(inner) ?? inner, 2)
  );
}

/** Bytes by what they are to a reader; null for all else. */
function bytesWords(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('$type' in value)) return null;
  if (value.$type !== 'bytes' || !('length' in value)) return null;
  return `bytes, ${formatBytes(Number(value.length))}`;
}
