import type { Kind } from '../../contract/sound.ts';
import { isAlike, wavHead, withSizes, type WavHead } from '../audio/wav.ts';
import { beginsFile } from '../invocation/joined-events.ts';

type Format = Kind['format'];
type Beginning = { format: Format; wav: (WavHead & { isWhole: boolean }) | null };

/**
 * Sound that comes in pieces, as one file to be followed. Pieces are put one behind the other. When each is a file of its
 * own, as models send that speak sentence by sentence, the sound goes on where the format lets it: of a further WAV of the
 * same samples its header is left out, and the first one's says "to the end" instead of a length; MP3, AAC and Ogg
 * follow each other as they are. Other files, and WAVs of other samples, end it.
 */
export class JoinedFiles {
  /** How many files are in it. */
  count = 0;
  /** Whether it is the pieces exactly as they came. */
  isExact = true;
  #first: Beginning | null = null;

  /** Whether its bytes tell no format. */
  get isHeaderless(): boolean {
    return this.#first !== null && this.#first.format === undefined;
  }

  /** What the next piece adds, or null when it can't go on. `format` is what the piece's first bytes tell. */
  add(piece: Uint8Array, format: Format): Uint8Array | null {
    if (!this.#first) return this.#begin(piece, format);
    if (!beginsFile(piece)) return piece;
    if (format !== this.#first.format) return null;
    if (format === 'wav') return this.#nextWav(piece);
    if (format !== 'mp3' && format !== 'aac' && format !== 'ogg') return null;
    this.count += 1;
    return piece;
  }

  #begin(piece: Uint8Array, format: Format): Uint8Array {
    this.count = 1;
    const wav = format === 'wav' ? wavHead(piece) : null;
    const data = wav?.data;
    const end = data && (data.size === null ? piece.length : data.offset + data.size);
    const isWhole = end !== undefined && end <= piece.length;
    this.#first = { format, wav: wav && { ...wav, isWhole } };
    if (!data || !isWhole || data.size === null) return piece;
    this.isExact = false;
    const head = withSizes(piece.subarray(0, data.offset), Infinity);
    return Buffer.concat([head, piece.subarray(data.offset, end)]);
  }

  #nextWav(piece: Uint8Array): Uint8Array | null {
    const first = this.#first?.wav;
    const next = wavHead(piece);
    // A player stops at the end that a first header promises.
    if (!first?.isWhole || !next?.data || !isAlike(first, next)) return null;
    this.count += 1;
    const { offset, size } = next.data;
    return piece.subarray(offset, size === null ? piece.length : offset + size);
  }
}
