import type { ByteSource } from '../files/byte-source.ts';
import { certainRun, frameAt, HEADER_BYTES, id3Length, type MpegFrame } from './mpeg-frame.ts';

const WINDOW_BYTES = 256 * 1024;
/** Four hours of a podcast. Longer sound is not counted. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Damage, or tags between one file and the next. */
const MOST_GAPS = 1000;

/**
 * Where the first frame of MP3 or AAC in ADTS ends that can be heard, and how long all its frames are, in seconds: counted by their
 * headers, since streams of them have no other length. `seconds` is absent for what is too long or too broken to be
 * counted. Null when there is no frame.
 */
export async function mpegSound(
  source: ByteSource,
): Promise<{ audioBytes: number; seconds?: number } | null> {
  let audioBytes: number | null = null;
  let seconds = 0;
  let gaps = 0;
  let start = 0;
  let window = await source.read(0, WINDOW_BYTES);
  for (let at = id3Length(window); at < source.size;) {
    if (at + HEADER_BYTES > start + window.length) {
      start = at;
      window = await source.read(start, WINDOW_BYTES);
      if (window.length < HEADER_BYTES) break;
    }
    const frame = frameAt(window, at - start);
    if (frame) {
      // What was cut off inside a frame can't be heard.
      if (at + frame.length > source.size) break;
      const isTag = audioBytes === null && isInfo(window.subarray(at - start), frame);
      at += frame.length;
      if (!isTag) {
        audioBytes ??= at;
        seconds += frame.samples / frame.sampleRate;
      }
    } else {
      const rest = window.subarray(at - start);
      const next = id3Length(rest) || certainRun(rest);
      if (next === null) break;
      at += next;
      gaps += 1;
    }
    if (at > MOST_BYTES || gaps > MOST_GAPS) return audioBytes === null ? null : { audioBytes };
  }
  return audioBytes === null ? null : { audioBytes, seconds };
}

/** Whether a first MP3 frame holds no sound but says how many follow (gabriel.mp3-tech.org/mp3infotag.html). */
function isInfo(bytes: Uint8Array, { coding, samples, channels }: MpegFrame): boolean {
  if (coding !== 'mp3') return false;
  const side = samples === 1152 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  const letters = new TextDecoder('latin1').decode(bytes.subarray(0, 64));
  return /^(Xing|Info)/.test(letters.slice(4 + side)) || letters.startsWith('VBRI', 36);
}
