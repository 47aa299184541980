import type { OutputValue } from '../../electron/contract/run.ts';

/** A stretch of speech: seconds from the start of the sound, and what is said. */
export type Segment = { start: number; end: number | null; text: string };

const STARTS = ['start_time', 'start', 'start_time_sec'];
const ENDS = ['end_time', 'end', 'end_time_sec'];

/** Models put segments at the top or one or two maps down; deeper ones are more likely something else. */
const DEPTH = 3;

/** A transcript, and the list in the answer that it is. */
export type FoundTranscript = { segments: Segment[]; list: OutputValue };

/** What models call the list of what was said: `chunks` in Hugging Face's pipelines, `model_output` in WhisperX's Truss. */
const LISTS = ['segments', 'chunks', 'model_output', 'utterances'];

/** The first transcript found in an answer: a non-empty list under a known name, or by itself, of texts with a start. */
export function findTranscript(
  output: OutputValue | undefined,
  depth = DEPTH,
): FoundTranscript | null {
  if (output === undefined || output === null || typeof output !== 'object') return null;
  const lists = Array.isArray(output) ? [output] : LISTS.map((name) => output[name]);
  for (const list of lists) {
    const segments = toSegments(list);
    if (segments && list !== undefined) return { segments, list };
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
  const { text, speaker, timestamp } = item;
  const [from, to] = Array.isArray(timestamp) ? timestamp : [];
  const start = firstNumber(item, STARTS) ?? numberOr(from);
  if (typeof text !== 'string' || start === null) return null;
  const said = typeof speaker === 'string' ? `${speaker}: ${text.trim()}` : text.trim();
  return { start, end: firstNumber(item, ENDS) ?? numberOr(to), text: said };
}

function firstNumber(item: { [key: string]: OutputValue }, names: string[]): number | null {
  for (const name of names) {
    const value = numberOr(item[name]);
    if (value !== null) return value;
  }
  return null;
}

const numberOr = (value: OutputValue | undefined): number | null =>
  typeof value === 'number' ? value : null;
