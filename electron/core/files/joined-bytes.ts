import type { ByteSource } from './byte-source.ts';

/** Several sources one after the other, as one. */
export class JoinedBytes implements ByteSource {
  readonly size: number;
  readonly #pieces: readonly ByteSource[];

  constructor(pieces: readonly ByteSource[]) {
    this.#pieces = pieces;
    this.size = pieces.reduce((sum, { size }) => sum + size, 0);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const found: Uint8Array[] = [];
    let start = 0;
    for (const piece of this.#pieces) {
      const from = Math.max(0, offset - start);
      const wanted = Math.min(piece.size, offset + length - start) - from;
      if (wanted > 0) found.push(await piece.read(from, wanted));
      start += piece.size;
    }
    return found.length === 1 && found[0] ? found[0] : Buffer.concat(found);
  }

  async isUnchanged(): Promise<boolean> {
    const unchanged = await Promise.all(this.#pieces.map((piece) => piece.isUnchanged()));
    return unchanged.every(Boolean);
  }
}
