import { isUtf8 } from 'node:buffer';
import type { SliceableBytes } from '../files/byte-source.ts';
import { JsonError, readJson } from './json-read.ts';
import { Bytes, type Value } from './value.ts';

/** Longer texts are offered to `moveSound` before they are read. UTF-8 bytes between the quotes. */
const LONG_TEXT = 64 * 1024;
/** What remains is held as one text, and V8 holds none of 512 MiB. Bytes. */
const LARGEST_JSON = 256 * 1024 * 1024;
const WINDOW_BYTES = 1024 * 1024;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export type JsonFile = {
  value: Value;
  /** The text ends too early; `value` is what came. */
  isCut: boolean;
  /** Some bytes were no UTF-8 and became �. */
  isMended: boolean;
};

/**
 * Reads a file that is one JSON value. Long texts that `moveSound` takes (the base64 inside the quotes in, a file of
 * bytes out) become bytes values and are never held in memory, so sound of any size costs next to nothing.
 * @throws JsonError
 */
export async function readJsonFile(
  file: SliceableBytes,
  moveSound: (base64: SliceableBytes) => Promise<SliceableBytes | null>,
): Promise<JsonFile> {
  const moved = new Map<number, Value>();
  let text = '';
  let isMended = false;
  let from = 0;
  const keep = async (end: number): Promise<void> => {
    if (text.length + end - from > LARGEST_JSON) {
      throw new JsonError('It is too large; msgpack has no such limit', text.length);
    }
    const bytes = await file.read(from, end - from);
    isMended ||= !isUtf8(bytes);
    text += new TextDecoder('utf-8', { ignoreBOM: from > 0 }).decode(bytes);
  };
  for await (const { start, end } of longTexts(file)) {
    const sound = await moveSound(file.slice(start, end - start));
    if (sound === null) continue;
    await keep(start - 1);
    moved.set(text.length, new Bytes(sound));
    text += '""';
    from = end + 1;
  }
  if (from < file.size) await keep(file.size);
  try {
    return { value: readJson(text, { moved }), isCut: false, isMended };
  } catch (error) {
    if (!(error instanceof JsonError && error.isCut)) throw error;
    return { value: readJson(text, { moved, keepCut: true }), isCut: true, isMended };
  }
}

/** Where the long texts of a JSON file lie, without their quotes. The last one may lack its closing quote. */
async function* longTexts(file: SliceableBytes): AsyncGenerator<{ start: number; end: number }> {
  let start = -1;
  let isEscaped = false;
  for (let at = 0; at < file.size; at += WINDOW_BYTES) {
    const { buffer, byteOffset, length } = await file.read(at, WINDOW_BYTES);
    const window = Buffer.from(buffer, byteOffset, length);
    let from: number = isEscaped ? 1 : 0;
    for (;;) {
      const quote: number = window.indexOf(QUOTE, from);
      if (quote === -1) break;
      if (start === -1) {
        start = at + quote + 1;
      } else if (backslashes(window, from, quote) % 2 === 0) {
        if (at + quote - start > LONG_TEXT) yield { start, end: at + quote };
        start = -1;
      }
      from = quote + 1;
    }
    isEscaped = start !== -1 && backslashes(window, from, window.length) % 2 === 1;
  }
  if (start !== -1 && file.size - start > LONG_TEXT) yield { start, end: file.size };
}

/** How many backslashes stand right before `end`, counted back to `from`. */
function backslashes(bytes: Uint8Array, from: number, end: number): number {
  let count = 0;
  while (end - 1 - count >= from && bytes[end - 1 - count] === BACKSLASH) count += 1;
  return count;
}
