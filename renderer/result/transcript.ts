import type { OutputValue } from '../../electron/contract/run.ts';

/** A stretch of speech: seconds from the start of the sound, and what is said. */
export type Segment = { start: number; end: number | null; text: string };

const STARTS = ['start_time', 'start', 'start_time_sec'];
const ENDS = ['end_time', 'end', 'end_time_sec'];

/** Models put segments at the top or one or two maps down; deeper ones are more likely something else. */
const DEPTH = 3;

/** The first transcript found in an answer: a non-empty list called `segments` whose items have a text and a start. */
export function findTranscript(output: OutputValue | undefined, depth = DEPTH): Segment[] | null {
  if (output === undefined || output === null || typeof output !== 'object') return null;
  if (!Array.isArray(output)) {
    const own = toSegments(output['segments']);
    if (own) return own;
  }
  if (depth === 0) return null;
  // A few children are enough, and a model may send a million.
  for (const child of Object.values(output).slice(0, 50)) {
    const found = findTranscript(child, depth - 1);
    if (found) return found;
  }
  return null;
}

function toSegments(value: OutputValue | undefined): Segment[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const segments: Segment[] = [];
  for (const item of value) {
    const segment = toSegment(item);
    if (!segment) return null;
    segments.push(segment);
  }
  return segments;
}

function toSegment(item: OutputValue): Segment | null {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return null;
  const text = item['text'];
  const start = firstNumber(item, STARTS);
  if (typeof text !== 'string' || start === null) return null;
  return { start, end: firstNumber(item, ENDS), text: text.trim() };
}

function firstNumber(item: { [key: string]: OutputValue }, names: string[]): number | null {
  for (const name of names) {
    const value = item[name];
    if (typeof value === 'number') return value;
  }
  return null;
}
