import type { PcmEncoding } from '../pcm.ts';

const widths: Record<PcmEncoding, number> = {
  s8: 1,
  u8: 1,
  s16le: 2,
  s16be: 2,
  s24le: 3,
  s24be: 3,
  s32le: 4,
  s32be: 4,
  f32le: 4,
  f32be: 4,
  f64le: 8,
  f64be: 8,
  mulaw: 1,
  alaw: 1,
};

/** Samples between -1 and 1 in one of the encodings, and what they are once written so, told by no code of the engine. */
export function encoded(
  samples: ArrayLike<number>,
  encoding: PcmEncoding,
): { bytes: Uint8Array<ArrayBuffer>; samples: Float32Array<ArrayBuffer> } {
  const width = widths[encoding];
  const bytes = new Uint8Array(samples.length * width);
  const written = new Float32Array(samples.length);
  const piece = new DataView(new ArrayBuffer(8));
  for (let at = 0; at < samples.length; at += 1) {
    written[at] = write(piece, samples[at] ?? 0, encoding, width);
    const own = new Uint8Array(piece.buffer.slice(0, width));
    bytes.set(encoding.endsWith('be') ? own.reverse() : own, at * width);
  }
  return { bytes, samples: written };
}

/** Writes little-endian. Answers what the sample has become. */
function write(piece: DataView, sample: number, encoding: PcmEncoding, width: number): number {
  if (encoding === 'mulaw' || encoding === 'alaw') {
    const { byte, value } = nearest(encoding === 'mulaw' ? mulawValues : alawValues, sample);
    piece.setUint8(0, byte);
    return value;
  }
  if (encoding.startsWith('f')) {
    if (width === 4) piece.setFloat32(0, sample, true);
    else piece.setFloat64(0, sample, true);
    return sample;
  }
  const full = 2 ** (8 * width - 1);
  const whole = Math.max(-full, Math.min(full - 1, Math.round(sample * full)));
  if (encoding === 'u8') piece.setUint8(0, whole + full);
  else piece.setInt32(0, whole, true);
  return whole / full;
}

/** ITU-T G.711: segment s of mu-law begins at 33·2^s - 33 and steps by 2^(s+1), of 8159. */
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
  let least = Infinity;
  for (let at = 0; at < values.length; at += 1) {
    const distance = Math.abs((values[at] ?? 0) - sample);
    if (distance < least) {
      byte = at;
      least = distance;
    }
  }
  return { byte, value: values[byte] ?? 0 };
}
