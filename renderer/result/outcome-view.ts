import type { OutputValue, Part, RunOutcome } from '../../electron/contract/run.ts';
import { partOf } from './tree.ts';
import { findTranscript, type Segment } from './transcript.ts';

/** A part that plays. */
type Sound = Part & { playUrl: string };

/** What the output tab shows of an answer: each thing once, in its best form. */
export type OutputView = {
  sounds: Sound[];
  /** Parts that are no sound. */
  others: Part[];
  transcript: Segment[] | null;
  text: string | null;
  /** What is left of the decoded answer for the short tree. */
  rest: OutputValue | undefined;
};

/** Sorts an answer into what is heard, read and listed. */
export function outputView({ parts, output, text }: RunOutcome): OutputView {
  const sounds = parts.filter(isSound);
  const transcript = findTranscript(output);
  const said = saidText(output, text);
  // The body of a text answer is a part too, so that it can be saved; it is already read above.
  const others = parts.filter((part) => !isSound(part) && !(said !== null && isText(part)));
  const names = new Set([...sounds, ...others].map(({ name }) => name));
  const rest = restOf(output, { names, transcript: transcript !== null, said });
  return { sounds, others, transcript, text: said, rest };
}

/** The part that Save as… means when nothing else is said: the first sound, else the first part. */
export function mainPart({ parts }: RunOutcome): Part | null {
  return parts.find(isSound) ?? parts[0] ?? null;
}

/** Sound without a header, or with one that leaves its length open, can also be saved with a whole one. */
export function canSaveAsWav(part: Part): boolean {
  return part.playUrl !== undefined && part.playUrl !== part.url;
}

function isSound(part: Part): part is Sound {
  return part.kind.media === 'audio' && part.playUrl !== undefined;
}

const isText = ({ kind }: Part): boolean => kind.media === 'text' || kind.media === 'json';

function saidText(output: OutputValue | undefined, text: string | undefined): string | null {
  if (typeof output === 'string') return output;
  if (isMap(output)) return typeof output['text'] === 'string' ? output['text'] : null;
  return output === undefined ? (text ?? null) : null;
}

type Shown = { names: Set<string>; transcript: boolean; said: string | null };

function restOf(output: OutputValue | undefined, shown: Shown): OutputValue | undefined {
  if (output === undefined || typeof output === 'string') return undefined;
  if (!isMap(output)) return shown.names.has(partOf(output) ?? '') ? undefined : output;
  const left = Object.entries(output).filter(([name, value]) => {
    if (name === 'text') return shown.said === null;
    if (name === 'segments') return !shown.transcript;
    return !shown.names.has(partOf(value) ?? '');
  });
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

function isMap(value: OutputValue | undefined): value is { [key: string]: OutputValue } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    value['$type'] === undefined
  );
}
