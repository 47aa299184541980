import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Write } from './live-server.ts';

const root = join(import.meta.dirname, '../..');

/** A short recording of `renderer/player/engine/fixtures`. */
export const fixture = (name: string): Promise<Uint8Array> =>
  readFile(join(root, 'renderer/player/engine/fixtures', name));

/** Recorded speech, 24 kHz mono, as samples of 16 bits. */
export async function speech(fromSeconds: number, seconds: number): Promise<Int16Array> {
  const bytes = await readFile(join(root, 'resources/sample/gettysburg-24000-mono.s16le'));
  const from = fromSeconds * 48_000;
  return new Int16Array(Uint8Array.from(bytes.subarray(from, from + seconds * 48_000)).buffer);
}

/** Below it a sound is never taken for silence; each frame up to 800000 has a value of its own, and all stay clear of the limiter. */
const LOWEST = 0.05;
const STEP = 2 ** -20;

/** The one sample that stands at this frame of a counted sound: whoever hears it knows which frame it is. */
export const countedSample = (frame: number): number => Math.fround(LOWEST + frame * STEP);
export const countedFrame = (sample: number): number => Math.round((sample - LOWEST) / STEP);

/** A counted sound. Skips, repeats and silence in it are told exactly. */
export function counted(frames: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: frames }, (_, frame) => countedSample(frame));
}

/** Interleaves planes. */
export function interleaved(planes: ArrayLike<number>[]): number[] {
  const frames = planes[0]?.length ?? 0;
  return Array.from(
    { length: frames * planes.length },
    (_, at) => planes[at % planes.length]?.[Math.floor(at / planes.length)] ?? 0,
  );
}

/** A WAV header that says its data takes `size` bytes. */
export function wavHeader(
  size: number,
  { tag = 1, bits = 16, channels = 1, sampleRate = 24_000 } = {},
): Uint8Array {
  const header = Buffer.alloc(44);
  header.write('RIFF');
  header.writeUInt32LE(Math.min(0xffff_ffff, size + 36), 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(tag, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE((sampleRate * channels * bits) / 8, 28);
  header.writeUInt16LE((channels * bits) / 8, 32);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36);
  header.writeUInt32LE(size, 40);
  return header;
}

/** Borders that fall inside samples, frames and headers. */
const oddLengths = [1, 7, 333, 1001, 4095, 29];

/** An answer at `bytesPerSecond`, in pieces of odd lengths. */
export function* oddly(bytes: Uint8Array, bytesPerSecond: number): Generator<Write> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = oddLengths[turn % oddLengths.length] ?? 1;
    yield { bytes: bytes.subarray(at, at + length), afterMs: (length / bytesPerSecond) * 1000 };
    at += length;
  }
}

/** An answer that comes in even pieces, one each `everyMs`. */
export function* paced(bytes: Uint8Array, bytesPerSecond: number, everyMs = 40): Generator<Write> {
  const length = Math.max(1, Math.round((bytesPerSecond * everyMs) / 1000));
  for (let at = 0; at < bytes.length; at += length) {
    yield { bytes: bytes.subarray(at, at + length), afterMs: at === 0 ? 0 : everyMs };
  }
}
