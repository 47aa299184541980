import { Readable } from 'node:stream';
import type { Pcm } from '../../contract/intent.ts';
import { kindOf, soundOf } from '../audio/kind.ts';
import { base64Head, decodeBase64 } from '../codec/base64.ts';
import type { Value } from '../codec/value.ts';
import type { HeardInEvents } from '../live/watch.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { StoredPart } from '../runs/runs.ts';
import { keyOf, saidRate, type Place } from './event-values.ts';
import { pcmPart, USUAL_PCM } from './headerless.ts';
import { soundPart, unusedName } from './sound-part.ts';

/** The texts of one place, in order. `leaves` numbers them as `FoundPart` does. */
export type Pieces = Place & { texts: string[]; leaves: number[] };

type Context = {
  folder: RunFolder;
  pcm: Pcm | undefined;
  values: Value[];
  heard: HeardInEvents | undefined;
};

export type JoinedSound = {
  parts: StoredPart[];
  partAt: Map<number, { name: string; size: number }>;
  warnings: string[];
};

/** The mean length of base64 pieces of sound is more than this; ids and words are shorter. UTF-16 units. */
const SHORTEST_PIECE = 64;

/**
 * Joins the base64 pieces of a stream's sound. A group of texts is sound when every one of them is base64 and the first
 * begins like a sound format, or its path or type speaks of sound (`response.audio.delta`, `{"audio": …}`). A piece that
 * begins a file of its own (each event a whole WAV) begins a part of its own.
 */
export async function joinSound(groups: Pieces[], context: Context): Promise<JoinedSound> {
  const joined: JoinedSound = { parts: [], partAt: new Map(), warnings: [] };
  for (const group of groups) {
    const pieces = soundPieces(group);
    if (!pieces) continue;
    const heard = keyOf(group) === context.heard?.key && context.heard.isOneFile;
    for (const [index, file] of filesOf(pieces).entries()) {
      const name = unusedName(group.path || 'audio', joined.parts);
      for (const { leaf, size } of file) joined.partAt.set(leaf, { name, size });
      const isHeard = heard && index === 0;
      const { part, warning } = await partOf(
        name,
        file,
        isHeard ? context : { ...context, heard: undefined },
      );
      joined.parts.push({ ...part, ...(isHeard ? { heardLive: true } : {}) });
      if (warning) joined.warnings.push(`${name}: ${warning}`);
    }
  }
  return joined;
}

/** Decoded again when it is written: all pieces of a long stream are not held twice. `size` in bytes. */
type Piece = { leaf: number; text: string; size: number; beginsFile: boolean };

function soundPieces({ path, type, texts, leaves }: Pieces): Piece[] | null {
  const [first] = texts.filter((text) => text !== '');
  if (first === undefined) return null;
  const letters = texts.reduce((sum, text) => sum + text.length, 0);
  if (letters < SHORTEST_PIECE * texts.length || !beginsAsSound(first, { path, type })) return null;
  const pieces: Piece[] = [];
  for (const [index, text] of texts.entries()) {
    const bytes = decodeBase64(text, 0);
    if (!bytes) return null;
    pieces.push({
      leaf: leaves[index] ?? 0,
      text,
      size: bytes.length,
      beginsFile: beginsFile(bytes),
    });
  }
  return pieces;
}

/** Whether a place's first text that is not empty, and the place itself, say that there is sound. */
export function beginsAsSound(first: string, { path, type }: Place): boolean {
  const head = base64Head(first);
  const speaksOfSound = /audio|sound|speech|wav|pcm|mp3|opus/i.test(`${type} ${path}`);
  return head !== null && (soundOf(head) !== null || speaksOfSound);
}

function filesOf(pieces: Piece[]): Piece[][] {
  const files: Piece[][] = [];
  for (const piece of pieces) {
    const last = files.at(-1);
    if (last && !piece.beginsFile) last.push(piece);
    else files.push([piece]);
  }
  return files;
}

/** Formats of frames and pages go on in the same way as they begin; these have a head of their own. */
export function beginsFile(bytes: Uint8Array): boolean {
  const letters = new TextDecoder('latin1').decode(bytes.subarray(0, 12));
  // Only the first page of an Ogg stream has this bit (RFC 3533 §6).
  if (letters.startsWith('OggS')) return ((bytes[5] ?? 0) & 2) !== 0;
  return /^(RIFF|fLaC|ID3|FORM|caff|\x1a\x45\xdf\xa3|....ftyp)/s.test(letters);
}

function* decoded(pieces: Piece[]): Generator<Uint8Array> {
  for (const { text } of pieces) yield decodeBase64(text, 0) ?? new Uint8Array(0);
}

async function partOf(
  name: string,
  pieces: Piece[],
  { folder, pcm, values, heard }: Context,
): Promise<{ part: StoredPart; warning: string | null }> {
  const size = pieces.reduce((sum, piece) => sum + piece.size, 0);
  // What was decoded while it came need not be decoded and written again.
  const source =
    heard?.isExact && heard.source.size === size
      ? heard.source
      : await folder.writeTransformed(Readable.from(decoded(pieces)));
  const kind = await kindOf(source, { looksBehindJunk: false });
  if (kind.media === 'audio') return soundPart(name, source, kind);
  const said = values.map(saidRate).find((rate) => rate !== null) ?? null;
  const part = pcmPart(
    name,
    source,
    pcm ?? { ...USUAL_PCM, sampleRate: said ?? USUAL_PCM.sampleRate },
  );
  const isKnown = pcm !== undefined || said !== null;
  return {
    part,
    warning: isKnown
      ? null
      : `The pieces have no header. They are read as ${part.kind.label}, which most speech models send; if it sounds wrong, say its PCM format and run again.`,
  };
}

/** Where models put the next words of a text. */
const NEXT_WORDS = /(^|\.)(delta|content|token|response|text)$/;

/** The words that come piece by piece, as one text: the longest group of them. Null when there is none. */
export function joinText(groups: Pieces[]): string | null {
  const candidates = groups
    .filter(({ path, texts }) => texts.length > 1 && mayBeWords(path))
    .map(({ texts }) => texts)
    .sort((a, b) => b.join('').length - a.join('').length);
  const [words] = candidates;
  if (!words) return null;
  // Tokens bring their own spaces; whole sentences don't.
  const areTokens = words.some(bringsSpace) || words.every(isShort);
  return words.join(areTokens ? '' : '\n');
}

export const mayBeWords = (path: string): boolean => path === '' || NEXT_WORDS.test(path);
export const bringsSpace = (word: string): boolean => /^\s|\s$/.test(word);
export const isShort = (word: string): boolean => !/\s/.test(word);
