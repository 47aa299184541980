import type { DescribedKind } from '../audio/kind.ts';
import { kindOf } from '../audio/kind.ts';
import { frameBytes } from '../audio/pcm.ts';
import type { SliceableBytes } from '../files/byte-source.ts';
import type { StoredPart } from '../runs/runs.ts';
import { headerless, pcmPart } from './headerless.ts';
import { moveSound } from './read-message.ts';
import type { DecodedAnswer, Received } from './received.ts';
import { soundPart } from './sound-part.ts';

const LONGEST_SHOWN_TEXT = 1_000_000;

/** An answer that is no message: one part with all its bytes. */
export async function rawAnswer(received: Received, kind: DescribedKind): Promise<DecodedAnswer> {
  const { parts, ...answer } = await asPart(received, kind);
  const wasHeard = (part: StoredPart): boolean =>
    received.heard?.from === 'answer' && part.source === received.file;
  return {
    ...answer,
    parts: parts.map((part) => (wasHeard(part) ? { ...part, heardLive: true } : part)),
  };
}

async function asPart(received: Received, kind: DescribedKind): Promise<DecodedAnswer> {
  const { file, folder } = received;
  if (kind.media === 'text' || kind.media === 'json') {
    const sound = await moveSound(file, folder);
    return sound ? soundAnswer(sound, await kindOf(sound)) : textAnswer(received, kind);
  }
  if (kind.media !== 'bytes') return soundAnswer(file, kind);
  const found = await headerless(received);
  if (!found) return textAnswer(received, kind);
  const warnings = found.warning ? [found.warning] : [];
  if (file.size % frameBytes(found.pcm) !== 0) {
    warnings.push(
      'The sound ends inside a sample, so it was probably cut short, or its PCM format is another.',
    );
  }
  return { parts: [pcmPart('answer', file, found.pcm)], warnings };
}

async function soundAnswer(source: SliceableBytes, kind: DescribedKind): Promise<DecodedAnswer> {
  const { part, warning } = await soundPart('answer', source, kind);
  return { parts: [part], warnings: warning ? [warning] : [] };
}

/** Text by its bytes or by a declared charset; else just bytes. */
async function textAnswer(
  { file, contentType }: Received,
  { mediaType, ...kind }: DescribedKind,
): Promise<DecodedAnswer> {
  const part: StoredPart = { name: 'answer', kind, mediaType, source: file };
  const charset =
    kind.media === 'bytes' ? /^text\/.*;\s*charset="?([\w-]+)/i.exec(contentType)?.[1] : 'utf-8';
  const isCut = file.size > LONGEST_SHOWN_TEXT;
  const shown = await file.read(0, LONGEST_SHOWN_TEXT);
  const text = charset === undefined ? null : decodeText(shown, charset, isCut);
  if (text === null) return { parts: [part], warnings: [] };
  const warnings = isCut
    ? ['The text is long: its first 1,000,000 bytes are shown, and all of it can be saved.']
    : [];
  return { parts: [part], text, warnings };
}

/** Null when nobody knows the charset. A character may be cut in two at the end. */
function decodeText(bytes: Uint8Array, charset: string, isCut: boolean): string | null {
  try {
    return new TextDecoder(charset).decode(bytes, { stream: isCut });
  } catch {
    return null;
  }
}
