import { FileSlice, JoinedSlices, MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import { basename, dirname } from 'node:path';
import type { RunFolder } from './run-folder.ts';
import type { PartRecord, PieceRecord } from './run-record.ts';
import type { StoredPart } from './runs.ts';

/** Bytes that stand in the record itself; what is longer gets a file. */
const MOST_INLINE = 16 * 1024;

/** Parts as the record tells of them. What lies in memory only is written down. @throws SoundpostError `disk_full`, `disk_error` */
export async function partRecords(parts: StoredPart[], folder: RunFolder): Promise<PartRecord[]> {
  const records: PartRecord[] = [];
  for (const { name, kind, mediaType, source, array, pcm } of parts) {
    records.push({
      ...{ name, kind, mediaType },
      pieces: piecesInside(source, folder) ?? (await writtenDown(source, folder)),
      ...(array ? { array: { ...array, shape: [...array.shape] } } : {}),
      ...(pcm ? { pcm } : {}),
    });
  }
  return records;
}

/** Ranges of the folder's own files; null when the bytes lie elsewhere. */
function piecesInside(source: ByteSource, folder: RunFolder): PieceRecord[] | null {
  const slices =
    source instanceof FileSlice ? [source] : source instanceof JoinedSlices ? source.slices : null;
  if (!slices?.every(({ path }) => dirname(path) === folder.path)) return null;
  return slices.map(({ path, offset, size }) => ({ file: basename(path), offset, size }));
}

async function writtenDown(source: ByteSource, folder: RunFolder): Promise<PieceRecord[]> {
  if (source.size <= MOST_INLINE) {
    const bytes = await source.read(0, source.size);
    return [{ base64: Buffer.from(bytes).toString('base64') }];
  }
  const slice = await folder.writeTransformed(
    source instanceof MemoryBytes ? source.bytes : pieces(source),
  );
  return [{ file: basename(slice.path), offset: 0, size: slice.size }];
}

async function* pieces(source: ByteSource): AsyncGenerator<Uint8Array> {
  const step = 1024 * 1024;
  for (let offset = 0; offset < source.size; offset += step) yield source.read(offset, step);
}
