import { randomUUID } from 'node:crypto';
import { JsonError, readJson } from '../codec/json-read.ts';
import { MsgpackError } from '../codec/msgpack-error.ts';
import { readMsgpack } from '../codec/msgpack-read.ts';
import { Extension, type Value } from '../codec/value.ts';
import { MemoryBytes } from '../files/byte-source.ts';
import type { Piece } from './given-body.ts';

/** A file in the place of a value, with how it travels. */
type StandingFile = { file: string; as: 'bytes' | 'base64' | 'data-uri' };

/** A message some of whose values are files that nobody has opened. */
export type ReadMessage = {
  value: Value;
  /** The file that a value stands for; null for all other values. */
  fileOf: (value: Value) => StandingFile | null;
};

type Marked = { bytes: Buffer; fileIn: (text: string) => StandingFile | null };

/** Bytes with a word that occurs nowhere else in the place of each file. */
export function marked(pieces: readonly Piece[]): Marked {
  const mark = `file-${randomUUID()}-`;
  const files = pieces.filter((piece) => 'file' in piece);
  const bytes = pieces.map((piece) =>
    'bytes' in piece ? piece.bytes : Buffer.from(`${mark}${files.indexOf(piece)};`),
  );
  return {
    bytes: Buffer.concat(bytes),
    fileIn: (text) => {
      const [, uri, number] =
        new RegExp(`^(data:[^,]{0,200};base64,)?${mark}(\\d+);$`).exec(text) ?? [];
      const found = files[Number(number ?? NaN)];
      return found && uri !== undefined ? { file: found.file, as: 'data-uri' } : (found ?? null);
    },
  };
}

/** Reads JSON; null when it is none. */
export function readJsonPieces(pieces: readonly Piece[]): ReadMessage | null {
  const { bytes, fileIn } = marked(pieces);
  try {
    return {
      value: readJson(bytes.toString()),
      fileOf: (value) => (typeof value === 'string' ? fileIn(value) : null),
    };
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}

/** The type of an extension that stands for a file while a message is read; Truss itself uses none. */
const FILE = 0x46;

/**
 * Reads msgpack; null when it is none. A value's length stands before it, and of a file only the sender knew it: what was
 * written there is taken away, and a small value put in its place.
 */
export async function readMsgpackPieces(pieces: readonly Piece[]): Promise<ReadMessage | null> {
  const files: StandingFile[] = [];
  let readings: Buffer[] = [Buffer.alloc(0)];
  for (const piece of pieces) {
    if ('bytes' in piece) readings = readings.map((so) => Buffer.concat([so, piece.bytes]));
    else {
      const [found] = readings.flatMap((so) => withoutHead(so, piece.as));
      if (!found) return null;
      const at = files.push({ file: piece.file, as: found.as }) - 1;
      const stand = Buffer.from([0xd5, FILE, at >> 8, at & 255]);
      readings = readings
        .flatMap((so) => withoutHead(so, piece.as))
        .map(({ before }) => Buffer.concat([before, stand]))
        .slice(0, MOST_READINGS);
    }
  }
  for (const reading of readings) {
    try {
      const value = await readMsgpack(new MemoryBytes(reading));
      return { value, fileOf: (each) => standsFor(each, files) };
    } catch (error) {
      if (!(error instanceof MsgpackError)) throw error;
    }
  }
  return null;
}

/** More would be a command made to take long. */
const MOST_READINGS = 64;

function standsFor(value: Value, files: readonly StandingFile[]): StandingFile | null {
  if (
    !(value instanceof Extension) ||
    value.code !== FILE ||
    !(value.data instanceof MemoryBytes)
  ) {
    return null;
  }
  return files[Buffer.from(value.data.bytes).readUInt16BE()] ?? null;
}

type Headless = { before: Buffer; as: StandingFile['as'] };

/** What stands before a value whose length and kind end these bytes, in each way they can be read. */
function withoutHead(bytes: Buffer, as: 'bytes' | 'base64'): Headless[] {
  if (as === 'bytes') {
    return heads(bytes, [0xc6, 0xc5, 0xc4]).map((before) => ({ before, as }));
  }
  // A data URI's own beginning is part of the text.
  const [uri = ''] = /data:[^,]{0,200};base64,$/.exec(bytes.toString('latin1')) ?? [];
  const rest = bytes.subarray(0, bytes.length - uri.length);
  const short = (rest.at(-1) ?? 0) >> 5 === 0b101 ? [rest.subarray(0, -1)] : [];
  const way = uri === '' ? 'base64' : 'data-uri';
  return [...heads(rest, [0xdb, 0xda, 0xd9]), ...short].map((before) => ({ before, as: way }));
}

/** Lengths of four, two and one bytes after their head bytes; each no shorter than it had to be written so. */
function heads(bytes: Buffer, [four, two, one]: [number, number, number]): Buffer[] {
  const found: Buffer[] = [];
  const { length } = bytes;
  if (bytes.at(-5) === four && bytes.readUInt32BE(length - 4) > 0xffff)
    found.push(bytes.subarray(0, -5));
  if (bytes.at(-3) === two && bytes.readUInt16BE(length - 2) > 0xff)
    found.push(bytes.subarray(0, -3));
  if (bytes.at(-2) === one) found.push(bytes.subarray(0, -2));
  return found;
}
