import type { MpegFrame } from './mpeg-frame.ts';

/** What an encoder put before and after the sound, in samples. `total`: samples of all frames, when it was written down. */
export type Mp3Info = { delay: number; padding: number; total: number | null };

/** Samples that every MP3 decoder adds in front (LAME tag specification: "decoder delay"). */
const DECODER_DELAY = 529;
const VBRI_AT = 36;

/**
 * What a first frame that holds no sound says: the tag of Xing, Info or VBRI, with LAME's extension behind it when it is
 * there (gabriel.mp3-tech.org/mp3infotag.html). Null when the frame is sound.
 */
export function mp3Info(bytes: Uint8Array, frame: MpegFrame): Mp3Info | null {
  const letters = (at: number): string =>
    new TextDecoder('latin1').decode(bytes.subarray(at, at + 4));
  if (letters(VBRI_AT) === 'VBRI') return { delay: 0, padding: 0, total: null };

  const isVersion1 = frame.samples === 1152;
  const sideBytes = frame.channels === 1 ? (isVersion1 ? 17 : 9) : isVersion1 ? 32 : 17;
  const at = 4 + sideBytes;
  if (letters(at) !== 'Xing' && letters(at) !== 'Info') return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint32(at + 4);
  const frames = flags & 1 ? view.getUint32(at + 8) : 0;
  const total = frames > 0 ? frames * frame.samples : null;
  // Four optional fields: frames, bytes, a table of contents, a quality.
  const lame = at + 8 + (flags & 1) * 4 + (flags & 2) * 2 + (flags & 4) * 25 + (flags & 8) / 2;
  const isGapless = ['LAME', 'Lavf', 'Lavc'].includes(letters(lame));
  if (!isGapless || lame + 24 > bytes.length) return { delay: 0, padding: 0, total: null };
  const [a = 0, b = 0, c = 0] = bytes.subarray(lame + 21, lame + 24);
  return {
    delay: ((a << 4) | (b >> 4)) + DECODER_DELAY,
    padding: Math.max(0, (((b & 15) << 8) | c) - DECODER_DELAY),
    total,
  };
}
