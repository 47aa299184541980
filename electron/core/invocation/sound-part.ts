import type { DescribedKind } from '../audio/kind.ts';
import type { ByteSource } from '../files/byte-source.ts';
import type { StoredPart } from '../runs/runs.ts';
import { playableWav } from './playable-wav.ts';
import { earlyEnd } from './stream-end.ts';

/** A part with what playing it needs, and what is to be said of how its bytes end. */
export async function soundPart(
  name: string,
  source: ByteSource,
  { mediaType, ...kind }: DescribedKind,
): Promise<{ part: StoredPart; warning: string | null }> {
  const part = { name, kind, mediaType, source };
  if (kind.media !== 'audio') return { part, warning: null };
  const warning = await earlyEnd(source, kind);
  const wav = kind.format === 'wav' ? await playableWav(source) : null;
  return wav
    ? { part: { ...part, play: wav.pieces }, warning: wav.warning ?? warning }
    : { part, warning };
}

/** The name, or the name with a number when parts have it already. */
export function unusedName(name: string, parts: StoredPart[]): string {
  const taken = parts.filter((part) => part.name === name || part.name.startsWith(`${name} (`));
  return taken.length === 0 ? name : `${name} (${taken.length + 1})`;
}
