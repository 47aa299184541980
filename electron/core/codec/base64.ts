import { Joined, MemoryBytes, type ByteSource } from '../files/byte-source.ts';

/**
 * A source as its standard base64 text, encoded as it is read: a file in a JSON body costs no memory beyond the piece
 * being sent. `read` takes any offset in the text.
 */
export class Base64Of implements ByteSource {
  readonly size: number;
  readonly source: ByteSource;

  constructor(source: ByteSource) {
    this.source = source;
    this.size = 4 * Math.ceil(source.size / 3);
  }

  isUnchanged(): Promise<boolean> {
    return this.source.isUnchanged();
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    if (end <= offset) return new Uint8Array(0);
    // Four characters stand for three bytes: read the whole groups that the wanted text lies in.
    const firstGroup = Math.floor(offset / 4);
    const groups = Math.ceil(end / 4) - firstGroup;
    const bytes = await this.source.read(firstGroup * 3, groups * 3);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    return Buffer.from(text.slice(offset - firstGroup * 4, end - firstGroup * 4), 'latin1');
  }
}

/** A source as a data URI, encoded as it is read. */
export function asDataUri(source: ByteSource, mediaType: string): Joined {
  const head = new TextEncoder().encode(`data:${mediaType};base64,`);
  return new Joined([new MemoryBytes(head), new Base64Of(source)]);
}

/** Shorter base64 texts are words and ids more often than sound. */
const SHORTEST = 64;
const PIECE_BYTES = 1024 * 1024;
const dataUri = /^\s*data:[^,]{0,200};base64,/i;

/** The bytes of a text that is wholly base64 (plain, url-safe, with line breaks, or a data: URI), or null. */
export function decodeBase64(text: string, atLeast = SHORTEST): Uint8Array | null {
  if (text.length < atLeast) return null;
  const decoder = new Base64Decoder();
  const bytes = decoder.take(text);
  return bytes && decoder.isWhole ? Buffer.concat([bytes, decoder.rest()]) : null;
}

/** The first bytes that a text would decode to, to tell sound from words without decoding all of it. Null: not base64. */
export function base64Head(text: string): Uint8Array | null {
  if (text.length < SHORTEST) return null;
  return new Base64Decoder().take(text.slice(0, 2300));
}

/** Base64 that lies in a file, as the inside of a JSON text. It is decoded as it is read, so it may be of any size. */
export class Base64File {
  /** False as soon as something that was read is not base64. */
  isBase64 = true;
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    const decoder = new Base64Decoder();
    for (let at = 0; at < this.#source.size && this.isBase64; at += PIECE_BYTES) {
      const { buffer, byteOffset, length } = await this.#source.read(at, PIECE_BYTES);
      const bytes = decoder.take(Buffer.from(buffer, byteOffset, length).toString('latin1'));
      this.isBase64 = bytes !== null;
      if (bytes) yield bytes;
    }
    this.isBase64 &&= decoder.isWhole;
    yield decoder.rest();
  }
}

/** Takes base64 text cut anywhere. Line breaks may stand as JSON's escapes. */
class Base64Decoder {
  #carried = '';
  #isBegun = false;
  #isPadded = false;

  /** The whole bytes so far, or null when the text is no base64. */
  take(text: string): Uint8Array | null {
    const prefix = this.#isBegun ? 0 : (dataUri.exec(text)?.[0].length ?? 0);
    this.#isBegun = true;
    let body = this.#carried + (prefix > 0 ? text.slice(prefix) : text);
    // An escape may be cut in two.
    const isCut = body.endsWith('\\');
    if (isCut) body = body.slice(0, -1);
    if (/[\r\n\\]/.test(body)) body = body.replace(/[\r\n]+|\\[nr]/g, '').replaceAll('\\/', '/');
    if (this.#isPadded && body.length > 0 && !/^=+$/.test(body)) return null;
    // One class and one tail that can't match the same letter: a hostile text costs one pass.
    if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(body)) return null;
    this.#isPadded ||= body.endsWith('=');
    const whole = this.#isPadded ? body.length : body.length - (body.length % 4);
    this.#carried = body.slice(whole) + (isCut ? '\\' : '');
    return Buffer.from(body.slice(0, whole), 'base64');
  }

  /** One letter alone stands for no byte, and no whole text ends with it. */
  get isWhole(): boolean {
    return this.#carried.length !== 1;
  }

  /** What is left where the padding was left out. */
  rest(): Uint8Array {
    return Buffer.from(this.#carried, 'base64');
  }
}
