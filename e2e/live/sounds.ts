import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PcmEncoding } from '../../renderer/player/engine/pcm.ts';
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

const full: Partial<Record<PcmEncoding, number>> = {
  s8: 0x80,
  u8: 0x80,
  s16le: 0x8000,
  s16be: 0x8000,
  s24le: 0x80_0000,
  s24be: 0x80_0000,
  s32le: 0x8000_0000,
};

/** Samples between -1 and 1 in one of the encodings, and what they are once written so, told by no code of the engine. */
export function encoded(
  samples: ArrayLike<number>,
  encoding: PcmEncoding,
): { bytes: Uint8Array; samples: Float32Array } {
  const written = new Float32Array(samples.length);
  const pieces = Array.from(samples, (sample, at) => {
    if (encoding === 'mulaw' || encoding === 'alaw') {
      const { byte, value } = nearest(encoding === 'mulaw' ? mulawValues : alawValues, sample);
      written[at] = value;
      return Buffer.of(byte);
    }
    if (encoding.startsWith('f')) {
      written[at] = sample;
      const piece = Buffer.alloc(4);
      if (encoding === 'f32be') piece.writeFloatBE(sample);
      else piece.writeFloatLE(sample);
      return piece;
    }
    const scale = full[encoding] ?? 1;
    const whole = Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale)));
    written[at] = whole / scale;
    const width = { 0x80: 1, 0x8000: 2, 0x80_0000: 3 }[scale] ?? 4;
    const piece = Buffer.alloc(width);
    if (encoding === 'u8') piece.writeUInt8(whole + 0x80);
    else if (encoding.endsWith('be')) piece.writeIntBE(whole, 0, width);
    else piece.writeIntLE(whole, 0, width);
    return piece;
  });
  return { bytes: Buffer.concat(pieces), samples: written };
}

/** ITU-T G.711 by its tables' start and step values: segment s of mu-law begins at 33·2^s - 33 and steps by 2^(s+1), of 8159. */
const mulawValues = Array.from({ length: 256 }, (_, byte) => {
  const segment = (~byte >> 4) & 7;
  const value = (33 + 2 * (~byte & 15)) * 2 ** segment - 33;
  return ((byte < 0x80 ? -1 : 1) * value * 4) / 0x8000;
});

/** A-law: the even bits inverted; the first two segments step by 2, the others by 2^s, of 4096. */
const alawValues = Array.from({ length: 256 }, (_, byte) => {
  const bits = byte ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = bits & 15;
  const value = segment === 0 ? 2 * step + 1 : (2 * step + 33) * 2 ** (segment - 1);
  return ((bits & 0x80 ? 1 : -1) * value * 8) / 0x8000;
});

function nearest(values: number[], sample: number): { byte: number; value: number } {
  let byte = 0;
  for (const [at, value] of values.entries()) {
    if (Math.abs(value - sample) < Math.abs((values[byte] ?? 0) - sample)) byte = at;
  }
  return { byte, value: values[byte] ?? 0 };
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
