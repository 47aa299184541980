import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileSlice, JoinedSlices, MemoryBytes, type SliceableBytes } from '../files/byte-source.ts';
import { playableWav } from '../invocation/playable-wav.ts';
import type { PartRecord, PieceRecord } from '../runs/run-record.ts';
import type { StoredPart } from '../runs/runs.ts';

/**
 * The parts of a record as they were in the session that ran it. One whose bytes are no longer all there, or of which a
 * link points elsewhere, is left out and named.
 */
export async function restoredParts(
  folder: string,
  records: readonly PartRecord[],
): Promise<{ parts: StoredPart[]; lost: string[] }> {
  const parts: StoredPart[] = [];
  const lost: string[] = [];
  for (const { pieces, ...part } of records) {
    const source = await sourceOf(folder, pieces);
    if (!source) {
      lost.push(part.name);
      continue;
    }
    const wav = part.kind.format === 'wav' ? await playableWav(source) : null;
    parts.push({ ...part, source, ...(wav ? { play: wav.pieces } : {}) });
  }
  return { parts, lost };
}

async function sourceOf(folder: string, pieces: PieceRecord[]): Promise<SliceableBytes | null> {
  const [first] = pieces;
  if (pieces.length === 1 && first && 'base64' in first) {
    return new MemoryBytes(Buffer.from(first.base64, 'base64'));
  }
  const slices: FileSlice[] = [];
  for (const piece of pieces) {
    if ('base64' in piece) return null;
    const path = join(folder, piece.file);
    const status = await lstat(path).catch(() => null);
    if (!status?.isFile() || piece.offset + piece.size > status.size) return null;
    slices.push(new FileSlice(path, piece.offset, piece.size));
  }
  const [only] = slices;
  return slices.length === 1 && only ? only : new JoinedSlices(slices);
}
