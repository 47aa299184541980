import type { Pcm } from '../../electron/contract/intent.ts';
import type { OutputValue, Part, RunOutcome } from '../../electron/contract/run.ts';
import { formatRate } from '../parts/format.ts';
import { isSameReading, readingWords } from '../parts/pcm-words.ts';
import { partOf } from './tree.ts';
import { findTranscript, type FoundTranscript, type Segment } from './transcript.ts';

/** A part that plays. `reading`: as the user reads bytes that say nothing of themselves. */
export type Sound = Part & { playUrl: string; reading?: Pcm };

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
  const found = findTranscript(output);
  const said = saidText(output, text);
  // The body of a text answer is a part too, so that it can be saved; it is already read above.
  const others = parts.filter((part) => !isSound(part) && !(said && isText(part)));
  const names = new Set([...sounds, ...others].map(({ name }) => name));
  const rest = restOf(output, { names, transcript: found, said });
  const transcript = found?.segments ?? null;
  return { sounds, others, transcript, text: said?.text ?? null, rest };
}

/** The part that Save as… means when nothing else is said: the first sound, else the first part. */
export function mainPart({ parts }: RunOutcome): Part | null {
  return parts.find(isSound) ?? parts[0] ?? null;
}

/** Bytes of no known kind: they may be samples, and can be heard as whatever the user takes them for. */
export function mayBeSound({ kind, size }: Part): boolean {
  return kind.media === 'bytes' && size > 0;
}

/** The same part as sound. */
export function soundOf(part: Part, reading: Pcm): Sound {
  return { ...part, playUrl: `${part.url}/wav`, reading };
}

/**
 * How a part is saved when nothing else is said: as it was received, but samples without a header, which no other program
 * could open, as a WAV. `pcm`: as the user reads bytes that say nothing of themselves.
 */
export function savedAs({ pcm, sampleRate }: Part, heard: Otherwise = {}): 'received' | 'wav' {
  return (pcm ?? sampleRate ?? heard.pcm) === undefined ? 'received' : 'wav';
}

const usualRates = [8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/** The rates, in Hz, that samples can be heard at: the usual ones, and the one that is known or assumed. */
export function ratesFor(rate: number): number[] {
  return [...new Set([...usualRates, rate])].sort((a, b) => a - b);
}

/** Another way to hear a sound: samples of an array at another rate, in Hz, or headerless bytes as another PCM format. */
export type Otherwise = { sampleRate?: number | undefined; pcm?: Pcm | undefined };

/** Where a sound is played from when it is heard so, and what it then is; what is not said otherwise stays its own. */
export function heardAs(
  { playUrl, kind, ...own }: Sound,
  { sampleRate, pcm }: Otherwise,
): { url: string; detail: string } {
  if (pcm && !(own.pcm && isSameReading(pcm, own.pcm))) {
    const { encoding, sampleRate: rate, channels } = pcm;
    return {
      url: `${playUrl}?encoding=${encoding}&rate=${rate}&channels=${channels}`,
      detail: `PCM ${readingWords(pcm)}`,
    };
  }
  if (pcm || sampleRate === undefined || sampleRate === own.sampleRate) {
    return { url: playUrl, detail: kind.label };
  }
  const detail = kind.label.replace(/[\d.]+ kHz/, formatRate(sampleRate));
  return { url: `${playUrl}?rate=${sampleRate}`, detail };
}

function isSound(part: Part): part is Sound {
  return part.kind.media === 'audio' && part.playUrl !== undefined;
}

const isText = ({ kind }: Part): boolean => kind.media === 'text' || kind.media === 'json';

/** Where models put what was said, and what they were asked to say. */
const TEXT_KEYS = ['text', 'transcript', 'transcription', 'output'];

/** What is read as text, and the key of the answer that it is all of. */
type Said = { text: string; key: string | null };

function saidText(output: OutputValue | undefined, text: string | undefined): Said | null {
  if (typeof output === 'string') return { text: output, key: null };
  if (!isMap(output)) return text === undefined ? null : { text, key: null };
  for (const key of TEXT_KEYS) {
    const value = output[key];
    if (typeof value === 'string') return { text: value, key };
    // Qwen3-Omni answers a list of texts.
    if (Array.isArray(value) && value.length > 0 && value.every(isString)) {
      return { text: value.join('\n'), key };
    }
    // Parakeet puts the text beside its timings.
    if (isMap(value) && typeof value['text'] === 'string')
      return { text: value['text'], key: null };
  }
  return null;
}

const isString = (value: OutputValue): value is string => typeof value === 'string';

type Shown = { names: Set<string>; transcript: FoundTranscript | null; said: Said | null };

function restOf(output: OutputValue | undefined, shown: Shown): OutputValue | undefined {
  if (output === undefined || typeof output === 'string') return undefined;
  // The events that a text was said in are in the tree; here they would only say it again.
  if (Array.isArray(output) && shown.said) return undefined;
  if (output === shown.transcript?.list) return undefined;
  if (!isMap(output)) return shown.names.has(partOf(output) ?? '') ? undefined : output;
  const left = Object.entries(output).filter(([name, value]) => {
    if (name === shown.said?.key || value === shown.transcript?.list) return false;
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
