import { Bytes, Dictionary, Extension, Float, TextBytes, TrussValue, type Value } from './value.ts';
import { MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';

/** msgpack's own limit for a bytes value: its length is a 32-bit number. */
const LONGEST = 0xffff_ffff;
const LARGEST_INTEGER = 0xffff_ffff_ffff_ffffn;
const SMALLEST_INTEGER = -0x8000_0000_0000_0000n;
/** The buffer to begin with, which doubles whenever it is full. */
const FIRST_BYTES = 256;
/** Up to this length, a text is written letter by letter: a call into native code takes longer. It fits in one head byte. */
const SHORT = 31;
const COPIED_BYTES = 1024;

/**
 * Writes a value as msgpack. Small values become chunks of memory; bytes values stay where they are, so the result is a
 * list of pieces to send one after the other. Integers take their shortest form and floats are float64, as Python's
 * msgpack writes them.
 * @throws SoundpostError `too_large`, `invalid_field`
 */
export function writeMsgpack(value: Value): (Uint8Array | ByteSource)[] {
  const writer = new Writer();
  writer.value(value);
  return writer.finish();
}

class Writer {
  readonly #pieces: (Uint8Array | ByteSource)[] = [];
  #buffer: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  finish(): (Uint8Array | ByteSource)[] {
    this.#flush();
    return this.#pieces;
  }

  value(value: Value): void {
    if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'number' || typeof value === 'bigint') this.#integer(value);
    else if (value === null) this.#head(0xc0);
    else if (typeof value === 'boolean') this.#head(value ? 0xc3 : 0xc2);
    else if (value instanceof Float) this.#float(value);
    else if (value instanceof Dictionary) this.#map(value);
    else if (value instanceof Bytes) this.#bytes(value);
    else if (value instanceof TrussValue) this.value(value.wire);
    else if (value instanceof Extension) this.#extension(value);
    else this.#list(value);
  }

  #map({ entries }: Dictionary): void {
    this.#sized(entries.length, 0x80, 15, [undefined, 0xde, 0xdf]);
    for (const [key, value] of entries) {
      this.value(key);
      this.value(value);
    }
  }

  #list(items: Value[]): void {
    this.#sized(items.length, 0x90, 15, [undefined, 0xdc, 0xdd]);
    for (const item of items) this.value(item);
  }

  #text(text: string): void {
    if (text.length <= SHORT && this.#shortAscii(text)) return;
    const length = Buffer.byteLength(text);
    // As many bytes as letters is ASCII, which can't be broken.
    if (length > text.length && !text.isWellFormed()) {
      throw new SoundpostError(
        'invalid_field',
        'A text holds half of a character and can’t be sent as UTF-8. Delete the broken character in that field.',
      );
    }
    this.#sized(length, 0xa0, 31, [0xd9, 0xda, 0xdb]);
    this.#grow(length);
    this.#length += this.#buffer.write(text, this.#length);
  }

  /** Nearly every key is one. Answers false, and writes nothing, when the text is none. */
  #shortAscii(text: string): boolean {
    this.#grow(1 + SHORT);
    const start = this.#length + 1;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code >= 0x80) return false;
      this.#buffer[start + at] = code;
    }
    this.#head(0xa0 + text.length);
    this.#length += text.length;
    return true;
  }

  #bytes(bytes: Bytes): void {
    const { source } = bytes;
    const isText = bytes instanceof TextBytes;
    if (source.size > LONGEST) {
      throw new SoundpostError(
        'too_large',
        `The file ${isText ? 'as base64 ' : ''}is larger than 4 GiB, more than a msgpack value can hold. Send a shorter or a compressed recording.`,
      );
    }
    if (isText) this.#sized(source.size, 0xa0, 31, [0xd9, 0xda, 0xdb]);
    else this.#sized(source.size, undefined, -1, [0xc4, 0xc5, 0xc6]);
    this.#source(source);
  }

  #extension({ code, data }: Extension): void {
    const fixed = [1, 2, 4, 8, 16].indexOf(data.size);
    if (fixed >= 0) this.#head(0xd4 + fixed);
    else this.#sized(data.size, undefined, -1, [0xc7, 0xc8, 0xc9]);
    this.#room(1).writeInt8(code, this.#length - 1);
    this.#source(data);
  }

  /** Bytes that are few and in memory travel with what is around them; others are a piece of their own. */
  #source(source: ByteSource): void {
    if (source instanceof MemoryBytes && source.size <= COPIED_BYTES) {
      this.#grow(source.size);
      this.#buffer.set(source.bytes, this.#length);
      this.#length += source.size;
    } else {
      this.#flush();
      this.#pieces.push(source);
    }
  }

  #float({ value, bits }: Float): void {
    if (bits === 32) {
      this.#head(0xca);
      this.#room(4).writeFloatBE(value, this.#length - 4);
    } else {
      this.#head(0xcb);
      this.#room(8).writeDoubleBE(value, this.#length - 8);
    }
  }

  #integer(value: number | bigint): void {
    if (typeof value === 'bigint' && (value > LARGEST_INTEGER || value < SMALLEST_INTEGER)) {
      throw new SoundpostError(
        'invalid_field',
        `The integer ${value.toString().slice(0, 40)} does not fit in 64 bits, the most that msgpack can hold. Send it as text.`,
      );
    }
    if (value >= 0) this.#positive(value);
    else if (value >= -32) this.#room(1).writeInt8(Number(value), this.#length - 1);
    else this.#negative(value);
  }

  #positive(value: number | bigint): void {
    if (value < 0x80) this.#head(Number(value));
    else if (value <= 0xffff_ffff) {
      this.#sized(Number(value), undefined, -1, [0xcc, 0xcd, 0xce]);
    } else {
      this.#head(0xcf);
      this.#room(8).writeBigUInt64BE(BigInt(value), this.#length - 8);
    }
  }

  #negative(value: number | bigint): void {
    if (value >= -0x80) {
      this.#head(0xd0);
      this.#room(1).writeInt8(Number(value), this.#length - 1);
    } else if (value >= -0x8000) {
      this.#head(0xd1);
      this.#room(2).writeInt16BE(Number(value), this.#length - 2);
    } else if (value >= -0x8000_0000) {
      this.#head(0xd2);
      this.#room(4).writeInt32BE(Number(value), this.#length - 4);
    } else {
      this.#head(0xd3);
      this.#room(8).writeBigInt64BE(BigInt(value), this.#length - 8);
    }
  }

  /** A head byte that carries a length: in itself up to `most`, else followed by 8, 16 or 32 bits. */
  #sized(
    length: number,
    short: number | undefined,
    most: number,
    [head8, head16, head32]: readonly [number | undefined, number, number],
  ): void {
    if (short !== undefined && length <= most) {
      this.#head(short + length);
    } else if (head8 !== undefined && length <= 0xff) {
      this.#head(head8);
      this.#room(1).writeUInt8(length, this.#length - 1);
    } else if (length <= 0xffff) {
      this.#head(head16);
      this.#room(2).writeUInt16BE(length, this.#length - 2);
    } else {
      this.#head(head32);
      this.#room(4).writeUInt32BE(length, this.#length - 4);
    }
  }

  #head(byte: number): void {
    if (this.#length === this.#buffer.length) this.#grow(1);
    this.#buffer[this.#length] = byte;
    this.#length += 1;
  }

  /** Makes room, and answers the buffer in which it is, for it may be a new one. */
  #room(length: number): Buffer {
    this.#grow(length);
    this.#length += length;
    return this.#buffer;
  }

  #grow(length: number): void {
    if (this.#length + length <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + length));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }

  #flush(): void {
    if (this.#length === 0) return;
    this.#pieces.push(this.#buffer.subarray(0, this.#length));
    this.#buffer = Buffer.allocUnsafe(FIRST_BYTES);
    this.#length = 0;
  }
}
