import type { Pcm } from '../../contract/intent.ts';
import { isPlainlyText } from '../audio/first-bytes.ts';
import { HEAD_BYTES, kindOf, type DescribedKind } from '../audio/kind.ts';
import { pcmLabel } from '../audio/pcm.ts';
import { beginsLikeMessage } from '../codec/message-head.ts';
import type { ByteSource } from '../files/byte-source.ts';
import type { StoredPart } from '../runs/runs.ts';
import { bareType, type Received } from './received.ts';

/** What speech models stream: XTTS, Orpheus and LiveKit's Baseten plugin all send this. */
export const USUAL_PCM: Pcm = { encoding: 's16le', sampleRate: 24_000, channels: 1 };
/** Of an answer of unknown bytes; 1.4 s of usual speech. */
export const LOOKED_AT = 64 * 1024;
const FIRST_LOOK = HEAD_BYTES;
/** Fewer samples tell nothing. */
const FEWEST_SAMPLES = 1000;

/** How samples are to be read. `isGuess`: neither the user nor the answer said so, and then `warning` says it. */
export type Headerless = { pcm: Pcm; isGuess?: true; warning?: string };

/** What is known of an answer besides its bytes. */
export type Said = Pick<Received, 'contentType' | 'isStream' | 'intent'>;

/** Whether samples without a header are expected, so that whatever is no text and no known format is read as them. */
export function expectsHeaderless({ intent, contentType }: Said): boolean {
  return intent.pcm !== undefined || isHeaderlessType(bareType(contentType));
}

const isHeaderlessType = (type: string): boolean =>
  /^audio\/(x-)?(wave?|vnd\.wave|pcm|l16|raw|s16le)$/.test(type);

/** What an answer is by its bytes. Where samples are expected, frames in the middle of them are chance. */
export function answerKind(received: Received): Promise<DescribedKind> {
  return kindOf(received.file, { looksBehindJunk: !expectsHeaderless(received) });
}

/** Whether a type leaves open that an answer of unknown bytes is sound. */
export function couldBeSound(contentType: string): boolean {
  return /^(|application\/octet-stream|audio\/.*)$/.test(bareType(contentType));
}

/**
 * How an answer of unknown bytes can be heard: as the user said; as its type says (`audio/L16;rate=16000`); or, when it
 * is declared WAV (Orpheus streams headerless PCM as `audio/wav`) or is a stream that runs like a wave, as what speech
 * models usually send, with a warning that says so. Null when nothing speaks for sound.
 */
export async function headerless(received: Received): Promise<Headerless | null> {
  const head = await received.file.read(0, LOOKED_AT);
  const found = isPlainlyText(head) ? null : headerlessOf(head, true, received);
  return found === 'more' ? null : found;
}

/**
 * The same of bytes that come one after the other and are not plainly text. `more` while the next ones could tell; what was
 * told once is what all of them tell. `isAll`: no more will come, or there are `LOOKED_AT`.
 */
export function headerlessOf(
  head: Uint8Array,
  isAll: boolean,
  { intent, contentType, isStream }: Said,
): Headerless | null | 'more' {
  if (intent.pcm) return { pcm: intent.pcm };
  const type = bareType(contentType);
  if (isHeaderlessType(type)) {
    return guess(contentType, `The answer is declared ${type} and has no header.`);
  }
  const canBeSound = type === '' || type === 'application/octet-stream' || type === 'audio/basic';
  if (!(isStream || intent.answer === 'stream') || !canBeSound || beginsLikeMessage(head)) {
    return null;
  }
  // Asked at the same places however the bytes were cut, so that it is always the same answer.
  for (let size = FIRST_LOOK; ; size *= 2) {
    if (head.length < size && !isAll) return 'more';
    if (runsLikeAWave(head.subarray(0, size))) {
      return guess(contentType, 'The stream has no header, and its bytes run like 16-bit sound.');
    }
    if (size >= LOOKED_AT || (isAll && head.length <= size)) return null;
  }
}

function guess(contentType: string, what: string): Headerless {
  const sampleRate = parameter(contentType, 'rate');
  const channels = parameter(contentType, 'channels') ?? USUAL_PCM.channels;
  const isSaid = sampleRate !== null && sampleRate >= 1000 && sampleRate <= 768_000;
  const pcm: Pcm = {
    ...USUAL_PCM,
    ...(isSaid ? { sampleRate } : {}),
    ...(channels >= 1 && channels <= 8 ? { channels } : {}),
  };
  return {
    pcm,
    ...(isSaid ? {} : { isGuess: true }),
    warning: `${what} It is read as ${pcmLabel(pcm)}${isSaid ? '' : ', which most speech models send'}; if it sounds wrong, say its PCM format and run again.`,
  };
}

function parameter(contentType: string, name: string): number | null {
  const [, digits] =
    new RegExp(`;\\s*${name}\\s*=\\s*"?(\\d{1,6})\\b`, 'i').exec(contentType) ?? [];
  return digits === undefined ? null : Number(digits);
}

/**
 * In sound a sample is near the one before it; in noise, which compressed and encrypted bytes look like, and in wider or
 * shifted samples it is not.
 */
function runsLikeAWave(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength - (bytes.length % 2));
  let level = 0;
  let change = 0;
  let before = 0;
  for (let at = 0; at < view.byteLength; at += 2) {
    const sample = view.getInt16(at, true);
    level += Math.abs(sample);
    change += Math.abs(sample - before);
    before = sample;
  }
  const samples = view.byteLength / 2;
  return samples >= FEWEST_SAMPLES && level / samples > 8 && change < level / 2;
}

/** Headerless samples, exactly as they came; playing puts a WAV header before them. */
export function pcmPart(name: string, source: ByteSource, pcm: Pcm): StoredPart {
  return {
    name,
    kind: { media: 'audio', format: 'pcm', label: pcmLabel(pcm), extension: 'pcm' },
    mediaType: 'audio/wav',
    source,
    pcm,
  };
}
