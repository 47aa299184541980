import type { ByteSource } from '../../files/byte-source.ts';

/** What the pieces of a message are together. */
export async function bytesOf(pieces: (Uint8Array | ByteSource)[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for (const piece of pieces) {
    chunks.push(piece instanceof Uint8Array ? piece : await piece.read(0, piece.size));
  }
  return Buffer.concat(chunks);
}
