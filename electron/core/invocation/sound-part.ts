import type { DescribedKind } from '../audio/kind.ts';
import { wavHead, withSizes } from '../audio/wav.ts';
import { MemoryBytes, type ByteSource, type SliceableBytes } from '../files/byte-source.ts';
import type { StoredPart } from '../runs/runs.ts';
import { earlyEnd } from './stream-end.ts';

const HEAD_BYTES = 4096;

/** A part with what playing it needs, and what is to be said of how its bytes end. */
export async function soundPart(
  name: string,
  source: ByteSource,
  { mediaType, ...kind }: DescribedKind,
): Promise<{ part: StoredPart; warning: string | null }> {
  const part = { name, kind, mediaType, source };
  if (kind.media !== 'audio') return { part, warning: null };
  const warning = await earlyEnd(source, kind);
  const play = kind.format === 'wav' ? await sizedWav(source) : null;
  return { part: play ? { ...part, play } : part, warning };
}

/** A WAV that was streamed leaves its sizes open; players then don't know its length and can't seek. */
export async function sizedWav(source: ByteSource): Promise<ByteSource[] | null> {
  const head = await source.read(0, HEAD_BYTES);
  const { data } = wavHead(head) ?? {};
  const isRiff = Buffer.from(head.subarray(0, 4)).toString('latin1') === 'RIFF';
  if (!isRiff || data?.size !== null || !('slice' in source)) return null;
  const sized = withSizes(head.subarray(0, data.offset), source.size);
  const samples = (source as SliceableBytes).slice(data.offset, source.size - data.offset);
  return [new MemoryBytes(sized), samples];
}

/** The name, or the name with a number when parts have it already. */
export function unusedName(name: string, parts: StoredPart[]): string {
  const taken = parts.filter((part) => part.name === name || part.name.startsWith(`${name} (`));
  return taken.length === 0 ? name : `${name} (${taken.length + 1})`;
}
