// Frame headers of MPEG audio: ISO/IEC 11172-3 §2.4.1.3 and 13818-3 for MP3, 14496-3 §1.A.2.2 for AAC in ADTS.

/** `length` in bytes with the header, `sampleRate` in Hz, `samples` of one channel. */
export type MpegFrame = {
  coding: 'mp3' | 'aac';
  sampleRate: number;
  channels: number;
  length: number;
  samples: number;
};

/** This many frames in a row are no chance any more. */
const CERTAIN = 3;
/** What `frameAt` needs to see of a frame. */
export const HEADER_BYTES = 7;

const kilobitsOfVersion1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const kilobitsOfVersion2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const ratesOfVersion1 = [44100, 48000, 32000];
const ratesOfAac = [
  96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
];

/**
 * The frame that begins at byte 0, confirmed by those behind it as far as the bytes reach: two bytes of chance look like
 * a frame header easily. Null when there is none.
 */
export function firstFrame(bytes: Uint8Array): MpegFrame | null {
  const first = frameAt(bytes, 0);
  if (first === null) return null;
  const { count, end } = frameRun(bytes, 0, CERTAIN);
  return count === CERTAIN || end + HEADER_BYTES > bytes.length ? first : null;
}

/** Whether bytes that come one after the other begin with a certain run of frames; `more` while the next could decide. */
export function mpegBegins(bytes: Uint8Array): boolean | 'more' {
  const { count, end } = frameRun(bytes, 0, CERTAIN);
  if (count === CERTAIN) return true;
  return end + HEADER_BYTES > bytes.length ? 'more' : false;
}

/** The first frame of a certain run of frames, with junk allowed before it. */
export function frameBehindJunk(bytes: Uint8Array): MpegFrame | null {
  const start = certainRun(bytes);
  return start === null ? null : frameAt(bytes, start);
}

/**
 * Whether bytes that end a file end inside a frame. Null when that can't be told: no certain run of frames goes up to
 * the end.
 */
export function endsInsideFrame(tail: Uint8Array): boolean | null {
  const start = certainRun(tail);
  if (start === null) return null;
  const { end } = frameRun(tail, start, Infinity);
  if (end === tail.length) return false;
  const isCutHeader = end < tail.length && tail[end] === 0xff && end + HEADER_BYTES > tail.length;
  return end > tail.length || isCutHeader ? true : null;
}

/** Where a certain run of frames begins; null when there is none. */
export function certainRun(bytes: Uint8Array): number | null {
  for (let at = bytes.indexOf(0xff); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    if (frameRun(bytes, at, CERTAIN).count === CERTAIN) return at;
  }
  return null;
}

/** Counts alike frames that follow each other from `start` on, up to `most`; `end` is where the last of them ends. */
function frameRun(bytes: Uint8Array, start: number, most: number): { count: number; end: number } {
  let count = 0;
  let end = start;
  let first: MpegFrame | null = null;
  while (count < most && end + HEADER_BYTES <= bytes.length) {
    const frame = frameAt(bytes, end);
    if (frame === null) break;
    first ??= frame;
    if (frame.coding !== first.coding || frame.sampleRate !== first.sampleRate) break;
    count += 1;
    end += frame.length;
  }
  return { count, end };
}

/** The frame whose header stands there, by that alone. */
export function frameAt(bytes: Uint8Array, at: number): MpegFrame | null {
  const [a = 0, b = 0, ...rest] = bytes.subarray(at, at + HEADER_BYTES);
  if (a !== 0xff) return null;
  // Both begin alike; the layer bits of AAC are 00, which MP3 never has.
  if ((b & 0xf6) === 0xf0) return adts(rest);
  return (b & 0xe0) === 0xe0 ? mp3(b, rest) : null;
}

function mp3(b: number, [c = 0, d = 0]: number[]): MpegFrame | null {
  const version = (b >> 3) & 3;
  const isLayer3 = ((b >> 1) & 3) === 1;
  const isVersion1 = version === 3;
  const kilobits = (isVersion1 ? kilobitsOfVersion1 : kilobitsOfVersion2)[c >> 4];
  const fullRate = ratesOfVersion1[(c >> 2) & 3];
  const isReservedEmphasis = (d & 3) === 2;
  if (version === 1 || !isLayer3 || !kilobits || !fullRate || isReservedEmphasis) return null;
  const sampleRate = isVersion1 ? fullRate : version === 2 ? fullRate / 2 : fullRate / 4;
  const padding = (c >> 1) & 1;
  return {
    coding: 'mp3',
    sampleRate,
    channels: d >> 6 === 3 ? 1 : 2,
    samples: isVersion1 ? 1152 : 576,
    length: Math.floor(((isVersion1 ? 144_000 : 72_000) * kilobits) / sampleRate) + padding,
  };
}

function adts([c = 0, d = 0, e = 0, f = 0, g = 0]: number[]): MpegFrame | null {
  const sampleRate = ratesOfAac[(c >> 2) & 15];
  const length = ((d & 3) << 11) | (e << 3) | (f >> 5);
  if (!sampleRate || length <= HEADER_BYTES) return null;
  const channels = ((c & 1) << 2) | (d >> 6);
  return { coding: 'aac', sampleRate, channels, length, samples: 1024 * ((g & 3) + 1) };
}

/** How many bytes an ID3v2 tag at byte 0 takes, 0 when there is none (id3.org, ID3v2.4 §3.1: sizes of 7 bits a byte). */
export function id3Length(bytes: Uint8Array): number {
  if (bytes[0] !== 0x49 || bytes[1] !== 0x44 || bytes[2] !== 0x33 || bytes.length < 10) return 0;
  const [, , , version = 0, , flags = 0, a = 0, b = 0, c = 0, d = 0] = bytes;
  // A text may begin with these letters too.
  if (version < 2 || version > 4 || (a | b | c | d) > 127) return 0;
  const footer = flags & 0x10 ? 10 : 0;
  return 10 + (a << 21) + (b << 14) + (c << 7) + d + footer;
}
