import { MemoryBytes, type SliceableBytes } from '../files/byte-source.ts';
import { DEEPEST, MOST_VALUES } from './limits.ts';
import { readTruss } from './truss.ts';
import { Bytes, Dictionary, Extension, Float, type TrussValue, type Value } from './value.ts';

/** Longer texts than this are refused: V8 can't hold a string of 512 MiB. */
const LONGEST_TEXT = 256 * 1024 * 1024;
/** Longer bytes keys stay in the file and are shown as bytes. */
const LONGEST_KEY = 1024;
/** What is read from the file at a time. Bytes values are stepped over and never read. */
const WINDOW_BYTES = 64 * 1024;

/** The bytes are not exactly one msgpack value; `position` is in bytes. */
export class MsgpackError extends Error {
  override name = 'MsgpackError' as const;
  readonly position: number;
  /** It may well be msgpack, but more of it than is taken apart. */
  readonly isTooMuch: boolean;

  constructor(message: string, position: number, isTooMuch = false) {
    super(message);
    this.position = position;
    this.isTooMuch = isTooMuch;
  }
}

/**
 * Reads exactly one msgpack value that fills the whole file slice. Bytes values become slices of the same file, so a
 * message of any size costs the memory of its small values alone.
 * @throws MsgpackError when it is not msgpack, or something follows it; also the file system's own errors.
 */
export async function readMsgpack(file: SliceableBytes): Promise<Value> {
  const reader = new Reader(file);
  const value = await reader.value(0);
  if (reader.position !== file.size) {
    throw new MsgpackError('Something follows the value', reader.position);
  }
  return value;
}

class Reader {
  position = 0;
  #values = 0;
  readonly #file: SliceableBytes;
  #window: DataView = new DataView(new ArrayBuffer(0));
  #windowStart = 0;

  constructor(file: SliceableBytes) {
    this.#file = file;
  }

  async value(depth: number): Promise<Value> {
    this.#values += 1;
    if (depth > DEEPEST) throw this.#tooMuch(`Nested deeper than ${DEEPEST} levels`);
    if (this.#values > MOST_VALUES) throw this.#tooMuch(`More than ${MOST_VALUES} values`);
    const head = (await this.#take(1)).getUint8(0);
    if (head < 0x80) return head;
    if (head < 0x90) return this.#map(head & 0x0f, depth);
    if (head < 0xa0) return this.#list(head & 0x0f, depth);
    if (head < 0xc0) return this.#text(head & 0x1f);
    if (head >= 0xe0) return head - 0x100;
    return this.#tagged(head, depth);
  }

  async #tagged(head: number, depth: number): Promise<Value> {
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#bytes(await this.#length(2 ** (head - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(await this.#length(2 ** (head - 0xc7)));
      case 0xca:
        return new Float((await this.#take(4)).getFloat32(0), 32);
      case 0xcb:
        return new Float((await this.#take(8)).getFloat64(0));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#length(2 ** (head - 0xcc));
      case 0xcf:
        return safeOrBig((await this.#take(8)).getBigUint64(0));
      case 0xd0:
        return (await this.#take(1)).getInt8(0);
      case 0xd1:
        return (await this.#take(2)).getInt16(0);
      case 0xd2:
        return (await this.#take(4)).getInt32(0);
      case 0xd3:
        return safeOrBig((await this.#take(8)).getBigInt64(0));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(2 ** (head - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(await this.#length(2 ** (head - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#list(await this.#length(2 ** (head - 0xdb)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(await this.#length(2 ** (head - 0xdd)), depth);
      default:
        throw this.#error('Byte 0xc1 is not msgpack');
    }
  }

  async #map(length: number, depth: number): Promise<Dictionary | TrussValue> {
    const entries: [Value, Value][] = [];
    for (let index = 0; index < length; index += 1) {
      entries.push([await this.#key(depth + 1), await this.value(depth + 1)]);
    }
    return readTruss(new Dictionary(entries));
  }

  /** Truss marks its extension types with bytes keys; they are names, so they are read at once. */
  async #key(depth: number): Promise<Value> {
    const key = await this.value(depth);
    if (!(key instanceof Bytes) || key.source.size > LONGEST_KEY) return key;
    return new Bytes(new MemoryBytes(await key.source.read(0, key.source.size)));
  }

  async #list(length: number, depth: number): Promise<Value[]> {
    const items: Value[] = [];
    for (let index = 0; index < length; index += 1) items.push(await this.value(depth + 1));
    return items;
  }

  #bytes(length: number): Bytes {
    return new Bytes(this.#file.slice(this.#skip(length), length));
  }

  async #extension(length: number): Promise<Extension> {
    const code = (await this.#take(1)).getInt8(0);
    return new Extension(code, await this.#copy(length));
  }

  async #text(length: number): Promise<string> {
    if (length > LONGEST_TEXT) throw this.#error('A text is too long to be shown');
    const bytes = await this.#copy(length);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw this.#error('A text is not UTF-8');
    }
  }

  async #copy(length: number): Promise<Uint8Array> {
    if (length > LONGEST_TEXT) throw this.#error('A value is too long');
    if (length > WINDOW_BYTES) return this.#file.read(this.#skip(length), length);
    const view = await this.#take(length);
    return new Uint8Array(view.buffer, view.byteOffset, length).slice();
  }

  async #length(width: number): Promise<number> {
    const view = await this.#take(width);
    return width === 1 ? view.getUint8(0) : width === 2 ? view.getUint16(0) : view.getUint32(0);
  }

  /** Steps over bytes that surely are there, and answers where they begin. */
  #skip(length: number): number {
    const start = this.position;
    if (start + length > this.#file.size) throw this.#error('The message ends too early');
    this.position = start + length;
    return start;
  }

  async #take(length: number): Promise<DataView> {
    const start = this.#skip(length);
    const inWindow = start - this.#windowStart;
    if (inWindow >= 0 && inWindow + length <= this.#window.byteLength) {
      return new DataView(this.#window.buffer, this.#window.byteOffset + inWindow, length);
    }
    const bytes = await this.#file.read(start, Math.max(length, WINDOW_BYTES));
    if (bytes.length < length) throw this.#error('The message ends too early');
    this.#window = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#windowStart = start;
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  #tooMuch(message: string): MsgpackError {
    return new MsgpackError(message, this.position, true);
  }

  #error(message: string): MsgpackError {
    return new MsgpackError(message, this.position);
  }
}

function safeOrBig(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
