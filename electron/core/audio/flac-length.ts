// RFC 9639: the stream's head §8.2, frame headers §9.1.
import type { ByteSource } from '../files/byte-source.ts';

/** Of the last frames: one takes a few kilobytes. */
const TAIL_BYTES = 64 * 1024;
const LONGEST_HEADER = 16;

/**
 * How long a FLAC stream is, in seconds: what its last frame says of itself, since a head that was written first says nothing, and
 * one of a stream that was cut short too much. Null when no frame is found.
 */
export async function flacSeconds(source: ByteSource): Promise<number | null> {
  const head = await source.read(0, 42);
  if (head.length < 42) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const fullBlock = view.getUint16(10);
  const sampleRate = view.getUint32(18) >>> 12;
  const tail = await source.read(Math.max(0, source.size - TAIL_BYTES), TAIL_BYTES);
  for (
    let at = tail.lastIndexOf(0xff);
    at >= 0;
    at = at === 0 ? -1 : tail.lastIndexOf(0xff, at - 1)
  ) {
    const end = frameEnd(tail.subarray(at, at + LONGEST_HEADER), fullBlock);
    if (end !== null) return sampleRate > 0 ? end / sampleRate : null;
  }
  return null;
}

/** The sample behind a frame, by its header; null when these bytes are none. */
function frameEnd(header: Uint8Array, fullBlock: number): number | null {
  const [, second = 0, third = 0] = header;
  if (second !== 0xf8 && second !== 0xf9) return null;
  const number = codedNumber(header.subarray(4));
  if (number === null) return null;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  let at = 4 + number.bytes;
  const sizeCode = third >> 4;
  const sizeBytes = sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0;
  const rateBytes = [1, 2, 2][(third & 15) - 12] ?? 0;
  if (at + sizeBytes + rateBytes >= header.length || sizeCode === 0) return null;
  const block =
    sizeBytes === 1
      ? view.getUint8(at) + 1
      : sizeBytes === 2
        ? view.getUint16(at) + 1
        : sizeCode === 1
          ? 192
          : sizeCode < 6
            ? 144 << sizeCode
            : 1 << sizeCode;
  at += sizeBytes + rateBytes;
  if (crc8(header.subarray(0, at)) !== header[at]) return null;
  // Frames of one size are numbered, others tell their first sample.
  return (second & 1 ? number.value : number.value * fullBlock) + block;
}

/** A number written as UTF-8 writes characters, up to 36 bits. */
function codedNumber(bytes: Uint8Array): { value: number; bytes: number } | null {
  const [first = 0xff] = bytes;
  const ones = Math.clz32(~(first << 24));
  if (ones === 0) return { value: first, bytes: 1 };
  if (ones === 1 || ones > 7 || bytes.length < ones) return null;
  let value = first & (0x7f >> ones);
  for (const byte of bytes.subarray(1, ones)) {
    if (byte >> 6 !== 2) return null;
    value = value * 64 + (byte & 63);
  }
  return { value, bytes: ones };
}

function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x80 ? 7 : 0)) & 0xff;
  }
  return crc;
}
