import type { Kind } from '../../contract/sound.ts';
import { endsInsideFrame } from '../audio/mpeg-frame.ts';
import { wavHead } from '../audio/wav.ts';
import type { ByteSource } from '../files/byte-source.ts';

const HEAD_BYTES = 4096;
/** Of MP3 and ADTS: some dozens of frames. */
const TAIL_BYTES = 16 * 1024;
/** The largest Ogg page (RFC 3533 §6). */
const LARGEST_PAGE = 65_307;
/** A live MP4 has two boxes a fragment. Beyond this nobody looks. */
const MOST_BOXES = 500;

/**
 * Whether a sound's bytes stop before its format says they may. Null when they don't, or when the format can't tell: a
 * stream that Truss ended after an exception looks like any other (truss, model_wrapper.py).
 */
export async function earlyEnd(source: ByteSource, { format }: Kind): Promise<string | null> {
  switch (format) {
    case 'wav':
      return shortWav(source);
    case 'aiff':
      return shortAiff(source);
    case 'mp3':
    case 'aac': {
      const tail = await source.read(Math.max(0, source.size - TAIL_BYTES), TAIL_BYTES);
      return endsInsideFrame(tail) ? 'It ends inside a frame, so it was probably cut short.' : null;
    }
    case 'ogg':
      return cutPage(source);
    case 'mp4':
      return cutBox(source);
    default:
      return null;
  }
}

async function shortWav(source: ByteSource): Promise<string | null> {
  const { data } = wavHead(await source.read(0, HEAD_BYTES)) ?? {};
  if (!data || data.size === null) return null;
  return promised(data.offset + data.size, source.size);
}

async function shortAiff(source: ByteSource): Promise<string | null> {
  const head = await source.read(0, 8);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return promised(8 + view.getUint32(4, false), source.size);
}

const promised = (whole: number, size: number): string | null =>
  whole > size
    ? `Its header promises ${whole} bytes and ${size} came, so it was probably cut short.`
    : null;

async function cutPage(source: ByteSource): Promise<string | null> {
  const tail = Buffer.from(
    await source.read(Math.max(0, source.size - LARGEST_PAGE), LARGEST_PAGE),
  );
  const page = tail.lastIndexOf('OggS\0', undefined, 'latin1');
  if (page === -1) return null;
  const segments = tail.subarray(page + 27, page + 27 + (tail[page + 26] ?? 255));
  const length = 27 + segments.length + segments.reduce((sum, size) => sum + size, 0);
  const isWhole = tail.length >= page + 27 && segments.length === tail[page + 26];
  return isWhole && page + length <= tail.length
    ? null
    : 'It ends inside an Ogg page, so it was probably cut short.';
}

/** Boxes follow each other from the first byte, each with its size in front (ISO/IEC 14496-12 §4.2). */
async function cutBox(source: ByteSource): Promise<string | null> {
  let at = 0;
  for (let boxes = 0; at < source.size; boxes += 1) {
    if (boxes === MOST_BOXES) return null;
    const head = await source.read(at, 16);
    if (head.length < 8) break;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const short = view.getUint32(0);
    // 0: to the end of the file. 1: a 64-bit size follows the box's name.
    if (short === 0 || (short === 1 && head.length < 16)) return null;
    const size = short === 1 ? Number(view.getBigUint64(8)) : short;
    if (size < 8) return null;
    at += size;
  }
  return at === source.size ? null : 'It ends inside an MP4 box, so it was probably cut short.';
}
