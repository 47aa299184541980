import { MemoryBytes, type SliceableBytes } from '../files/byte-source.ts';
import { DEEPEST, MOST_VALUES } from './limits.ts';
import { MsgpackError } from './msgpack-error.ts';
import { Nesting } from './msgpack-nesting.ts';
import { readTimestamp, TIMESTAMP } from './msgpack-timestamp.ts';
import { trussKey } from './truss-keys.ts';
import { readUtf8 } from './utf8.ts';
import { Bytes, Dictionary, Extension, Float, type TrussValue, type Value } from './value.ts';

/** What is read from the file at a time. Long bytes values are stepped over and never read. */
const WINDOW_BYTES = 64 * 1024;
/** Longer texts than this are refused: V8 can't hold a string of 512 MiB. */
const LONGEST_TEXT = 256 * 1024 * 1024;
/** Longer bytes keys stay in the file and are shown as bytes. */
const LONGEST_KEY = 1024;
/** Bytes values up to this size are kept in memory, as long as all of them are few: a small array costs no read. */
const KEPT_BYTES = 4096;
const ALL_KEPT_BYTES = 16 * 1024 * 1024;

/**
 * Reads exactly one msgpack value that fills the whole source. Bytes values become slices of it, so a message of any
 * size costs the memory of its small values alone. Values of Truss's types become what they stand for.
 * @throws MsgpackError when it is not msgpack, or something follows it; also the source's own errors.
 */
export async function readMsgpack(
  source: SliceableBytes,
  windowBytes = WINDOW_BYTES,
): Promise<Value> {
  const reader = new Reader(source);
  for (;;) {
    const value = reader.read();
    if (value !== STARVED) return value;
    await reader.refill(windowBytes);
  }
}

/** What a token gives instead of a value: the window ends inside it; or it opened a list or map. */
const STARVED = Symbol('starved');
const OPENED = Symbol('opened');

/** How many bytes of number or length follow each head byte from 0xc0 on; an extension's type is counted. */
const following = [
  ...[0, 0, 0, 0, 1, 2, 4, 2, 3, 5, 4, 8, 1, 2, 4, 8],
  ...[1, 2, 4, 8, 1, 1, 1, 1, 1, 1, 2, 4, 2, 4, 2, 4],
] as const;

const EMPTY = Buffer.alloc(0);

/** Goes through a window of the source without waiting. A token at the window's end is begun again in the next one. */
class Reader {
  readonly #source: SliceableBytes;
  #window: Buffer = EMPTY;
  #windowStart = 0;
  /** Within the window. */
  #at = 0;
  /** Bytes from `#at` on without which it can't go on. */
  #wanted = 1;
  readonly #nesting = new Nesting();
  #values = 0;
  #kept = 0;

  constructor(source: SliceableBytes) {
    this.#source = source;
  }

  /** The value, when the window reaches so far. */
  read(): Value | typeof STARVED {
    for (;;) {
      const token = this.#token();
      if (token === STARVED) return STARVED;
      if (token === OPENED) continue;
      const value = this.#nesting.place(token);
      if (value === undefined) continue;
      if (this.#position < this.#source.size) throw this.#error('Something follows the value');
      return value;
    }
  }

  async refill(windowBytes: number): Promise<void> {
    const start = this.#position;
    const bytes = await this.#source.read(start, Math.max(this.#wanted, windowBytes));
    if (bytes.length < this.#wanted) throw this.#cut();
    this.#window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#windowStart = start;
    this.#at = 0;
  }

  get #position(): number {
    return this.#windowStart + this.#at;
  }

  #token(): Value | typeof STARVED | typeof OPENED {
    const at = this.#at;
    this.#wanted = 1;
    if (at >= this.#window.length) return STARVED;
    const head = this.#window[at] ?? 0;
    const extra = head < 0xc0 || head >= 0xe0 ? 0 : (following[head - 0xc0] ?? 0);
    this.#wanted += extra;
    if (at + this.#wanted > this.#window.length) return STARVED;
    this.#at = at + this.#wanted;
    const token = this.#valueOf(head, at + 1);
    if (token === STARVED) {
      this.#wanted = this.#at - at;
      this.#at = at;
      return STARVED;
    }
    this.#values += 1;
    if (this.#values > MOST_VALUES) throw this.#tooMuch(`More than ${MOST_VALUES} values`);
    return token;
  }

  /**
   * `at` is where the number or length after the head begins; `#at` is behind it, and is moved behind the whole token also
   * when the window ends before that.
   */
  #valueOf(head: number, at: number): Value | typeof STARVED | typeof OPENED {
    if (head < 0x80) return head;
    if (head < 0x90) return this.#map(head & 0x0f);
    if (head < 0xa0) return this.#list(head & 0x0f);
    if (head < 0xc0) return this.#text(head & 0x1f);
    if (head >= 0xe0) return head - 0x100;
    const window = this.#window;
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xcc:
      case 0xc7:
      case 0xd9:
        return this.#sized(head, window.readUInt8(at));
      case 0xc5:
      case 0xc8:
      case 0xcd:
      case 0xda:
      case 0xdc:
      case 0xde:
        return this.#sized(head, window.readUInt16BE(at));
      case 0xc6:
      case 0xc9:
      case 0xce:
      case 0xdb:
      case 0xdd:
      case 0xdf:
        return this.#sized(head, window.readUInt32BE(at));
      case 0xca:
        return new Float(window.readFloatBE(at), 32);
      case 0xcb:
        return new Float(window.readDoubleBE(at));
      case 0xcf:
        return safeOrBig(window.readBigUInt64BE(at));
      case 0xd0:
        return window.readInt8(at);
      case 0xd1:
        return window.readInt16BE(at);
      case 0xd2:
        return window.readInt32BE(at);
      case 0xd3:
        return safeOrBig(window.readBigInt64BE(at));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(2 ** (head - 0xd4));
      default:
        throw this.#error('Byte 0xc1 is not msgpack');
    }
  }

  /** A value whose head is followed by an unsigned number: its length, or itself. */
  #sized(head: number, length: number): Value | typeof STARVED | typeof OPENED {
    if (head <= 0xc6) return this.#bytes(length);
    if (head <= 0xc9) return this.#extension(length);
    if (head <= 0xce) return length;
    if (head <= 0xdb) return this.#text(length);
    return head <= 0xdd ? this.#list(length) : this.#map(length);
  }

  #list(length: number): Value[] | typeof OPENED {
    if (length === 0) return [];
    this.#mayOpen(length);
    this.#nesting.openList(length);
    return OPENED;
  }

  #map(length: number): Dictionary | typeof OPENED {
    if (length === 0) return new Dictionary([]);
    this.#mayOpen(length * 2);
    this.#nesting.openMap(length);
    return OPENED;
  }

  /** Each value takes a byte at least, so a length that lies is found out before anything is kept for it. */
  #mayOpen(values: number): void {
    if (this.#nesting.depth >= DEEPEST) throw this.#tooMuch(`Nested deeper than ${DEEPEST} levels`);
    this.#mustHave(values);
  }

  #bytes(length: number): Bytes | typeof STARVED {
    const left = this.#source.size - this.#position;
    if (length > left) throw this.#cut(new Bytes(this.#slice(this.#at, left)));
    if (length <= LONGEST_KEY && this.#nesting.isAtKey) return this.#bytesKey(length);
    const start = this.#at;
    this.#at += length;
    return new Bytes(this.#slice(start, length));
  }

  /** Truss marks its types with bytes keys; they are names, so they are read at once. */
  #bytesKey(length: number): Bytes | typeof STARVED {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#window.length) return STARVED;
    const known = trussKey(this.#window, start, length);
    if (known) this.#nesting.markTruss();
    return known ?? new Bytes(new MemoryBytes(this.#copy(start, length)));
  }

  #slice(start: number, length: number): SliceableBytes {
    const canKeep =
      length <= KEPT_BYTES &&
      start + length <= this.#window.length &&
      this.#kept + length <= ALL_KEPT_BYTES;
    if (!canKeep) return this.#source.slice(this.#windowStart + start, length);
    this.#kept += length;
    return new MemoryBytes(this.#copy(start, length));
  }

  #extension(length: number): Extension | TrussValue | typeof STARVED {
    const code = this.#window.readInt8(this.#at - 1);
    const start = this.#at;
    this.#mustHave(length);
    const extension = new Extension(code, this.#slice(start, length));
    this.#at += length;
    if (code !== TIMESTAMP || length > 12) return extension;
    if (this.#at > this.#window.length) return STARVED;
    return readTimestamp(extension, this.#window.subarray(start, this.#at)) ?? extension;
  }

  #text(length: number): string | typeof STARVED {
    if (length > LONGEST_TEXT) throw this.#tooMuch('A text is too long to be shown');
    this.#mustHave(length);
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#window.length) return STARVED;
    const text = readUtf8(this.#window, start, this.#at);
    if (text === null) throw this.#error('A text is not UTF-8');
    return text;
  }

  #copy(start: number, length: number): Uint8Array {
    const copy = new Uint8Array(length);
    copy.set(this.#window.subarray(start, start + length));
    return copy;
  }

  #mustHave(length: number): void {
    if (this.#position + length > this.#source.size) throw this.#cut();
  }

  /** `last` is what there is of the value that is cut off. */
  #cut(last?: Bytes): MsgpackError {
    const came = this.#nesting.close(last);
    const [key] = came instanceof Dictionary ? (came.entries[0] ?? []) : [];
    const isMessage = came instanceof Dictionary && typeof key === 'string';
    return new MsgpackError('The message ends too early', this.#position, {
      came: isMessage ? came : null,
    });
  }

  #tooMuch(message: string): MsgpackError {
    return new MsgpackError(message, this.#position, { isTooMuch: true });
  }

  #error(message: string): MsgpackError {
    return new MsgpackError(message, this.#position);
  }
}

function safeOrBig(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
