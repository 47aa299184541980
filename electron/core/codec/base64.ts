import type { ByteSource } from '../files/byte-source.ts';

/**
 * A source as its standard base64 text, encoded as it is read: a file in a JSON body costs no memory beyond the piece
 * being sent. `read` takes any offset in the text.
 */
export class Base64Of implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    this.#source = source;
    this.size = 4 * Math.ceil(source.size / 3);
  }

  isUnchanged(): Promise<boolean> {
    return this.#source.isUnchanged();
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    if (end <= offset) return new Uint8Array(0);
    // Four characters stand for three bytes: read the whole groups that the wanted text lies in.
    const firstGroup = Math.floor(offset / 4);
    const groups = Math.ceil(end / 4) - firstGroup;
    const bytes = await this.#source.read(firstGroup * 3, groups * 3);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    return Buffer.from(text.slice(offset - firstGroup * 4, end - firstGroup * 4), 'latin1');
  }
}

/** Shorter base64 texts are words and ids more often than sound. */
const SHORTEST = 64;
const dataUri = /^data:[^,]{0,200};base64,/i;

/** The bytes of a text that is wholly base64 (plain, url-safe, with line breaks, or a data: URI), or null. */
export function decodeBase64(text: string): Uint8Array | null {
  const body = base64Body(text);
  if (body === null) return null;
  return Buffer.from(body, 'base64');
}

/** The first bytes that a text would decode to, to tell sound from words without decoding all of it. Null: not base64. */
export function base64Head(text: string): Uint8Array | null {
  if (text.length < SHORTEST) return null;
  const prefix = dataUri.exec(text)?.[0].length ?? 0;
  const head = text.slice(prefix, prefix + 2048).replace(/[\r\n]/g, '');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(head)) return null;
  return Buffer.from(head.slice(0, head.length - (head.length % 4)), 'base64');
}

function base64Body(text: string): string | null {
  if (text.length < SHORTEST) return null;
  const prefix = dataUri.exec(text)?.[0].length ?? 0;
  let end = text.length;
  while (text[end - 1] === '\n' || text[end - 1] === '\r') end -= 1;
  const body = text.slice(prefix, end);
  // One class and one tail that can't match the same letter: a hostile text costs one pass.
  return /^[A-Za-z0-9+/_\-\r\n]+={0,2}$/.test(body) ? body : null;
}
