// Pages: RFC 3533 §6. Granule positions: RFC 7845 §4 for Opus, the Vorbis I specification §A.2, and Xiph's mappings for FLAC and Speex.
import type { ByteSource } from '../files/byte-source.ts';

const LARGEST_PAGE = 65_307;
const PAGE_HEAD_BYTES = 27;
const WINDOW_BYTES = 256 * 1024;
/** Longer sound is not counted. */
const MOST_BYTES = 256 * 1024 * 1024;
/** A stream whose first page ends later than this did not begin at 0, so that its positions say nothing of its length. Seconds. */
const LATEST_FIRST_PAGE = 5;

/** `granule`: the position that a page ends with; null when no packet ends in it. `length` in bytes. */
type Page = { granule: number | null; isFirst: boolean; serial: number; length: number };

/** Of positions: how many are a second, and how many of the first are not heard. */
type Clock = { rate: number; skipped: number };

/** One of the streams that an Ogg may chain behind each other. */
type Chained = { serial: number; clock: Clock | null; first: number | null; last: number };

/**
 * Where the first page of sound ends, and how long all is, in seconds, when the positions of every stream in it tell that.
 * Null when there is no page of sound.
 */
export async function oggSound(
  source: ByteSource,
): Promise<{ audioBytes: number; seconds?: number } | null> {
  let audioBytes: number | null = null;
  const streams: Chained[] = [];
  let start = 0;
  let window = await source.read(0, WINDOW_BYTES);
  for (let at = 0; at < source.size && at < MOST_BYTES;) {
    if (at + LARGEST_PAGE > start + window.length && start + window.length < source.size) {
      start = at;
      window = await source.read(start, WINDOW_BYTES);
    }
    const page = pageAt(window, at - start);
    // What was cut off inside a page can't be heard.
    if (!page || at + page.length > source.size) break;
    let current = streams.at(-1);
    // The head of what goes beside the sound comes before any of it.
    if (page.isFirst && (!current?.clock || current.first !== null)) {
      const clock = clockOf(window.subarray(at - start, at - start + 256));
      current = { serial: page.serial, clock, first: null, last: 0 };
      streams.push(current);
    }
    at += page.length;
    if (!current || page.serial !== current.serial || !page.granule) continue;
    audioBytes ??= at;
    current.first ??= page.granule;
    current.last = page.granule;
  }
  if (audioBytes === null) return null;
  const lengths = streams.filter(({ first }) => first !== null).map(secondsOf);
  const seconds = lengths.reduce((sum, length) => sum + length, 0);
  return Number.isNaN(seconds) || source.size > MOST_BYTES
    ? { audioBytes }
    : { audioBytes, seconds };
}

/** NaN when the positions don't tell it. */
function secondsOf({ clock, first, last }: Chained): number {
  if (!clock || (first ?? 0) > clock.rate * LATEST_FIRST_PAGE) return NaN;
  return Math.max(0, last - clock.skipped) / clock.rate;
}

function pageAt(bytes: Uint8Array, at: number): Page | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + PAGE_HEAD_BYTES > bytes.length || view.getUint32(at) !== 0x4f676753) return null;
  const segments = bytes.subarray(
    at + PAGE_HEAD_BYTES,
    at + PAGE_HEAD_BYTES + view.getUint8(at + 26),
  );
  if (segments.length < view.getUint8(at + 26)) return null;
  const granule = view.getBigInt64(at + 6, true);
  return {
    granule: granule < 0n ? null : Number(granule),
    isFirst: (view.getUint8(at + 5) & 2) !== 0,
    serial: view.getUint32(at + 14, true),
    length: PAGE_HEAD_BYTES + segments.length + segments.reduce((sum, size) => sum + size, 0),
  };
}

function clockOf(head: Uint8Array): Clock | null {
  // The first page holds one packet, whose length takes one byte.
  const packet = head.subarray(PAGE_HEAD_BYTES + 1);
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const letters = new TextDecoder('latin1').decode(packet.subarray(0, 8));
  if (packet.length < 40) return null;
  if (letters === 'OpusHead') return { rate: 48_000, skipped: view.getUint16(10, true) };
  const rate = letters.startsWith('\x01vorbis')
    ? view.getUint32(12, true)
    : letters.startsWith('\x7fFLAC')
      ? view.getUint32(27) >>> 12
      : letters.startsWith('Speex')
        ? view.getUint32(36, true)
        : 0;
  return rate > 0 ? { rate, skipped: 0 } : null;
}
