// Frame headers of MPEG audio: ISO/IEC 11172-3 §2.4.1.3 and 13818-3 for MP3, 14496-3 §1.A.2.2 for AAC in ADTS.

export type Mp3Frame = { sampleRate: number; channels: number; length: number };

const kilobitsOfVersion1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const kilobitsOfVersion2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const ratesOfVersion1 = [44100, 48000, 32000];

/**
 * The layer III frame that begins at byte 0, confirmed by a second one behind it when the bytes reach that far: two
 * bytes of chance look like a frame header easily. Null when there is none.
 */
export function mp3Frame(bytes: Uint8Array): Mp3Frame | null {
  const first = frameHeader(bytes, 0);
  if (first === null) return null;
  const reachesNext = bytes.length >= first.length + 4;
  return reachesNext && frameHeader(bytes, first.length) === null ? null : first;
}

function frameHeader(bytes: Uint8Array, at: number): Mp3Frame | null {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  if (a !== 0xff || (b & 0xe0) !== 0xe0) return null;
  const version = (b >> 3) & 3;
  const isLayer3 = ((b >> 1) & 3) === 1;
  const isVersion1 = version === 3;
  const kilobits = (isVersion1 ? kilobitsOfVersion1 : kilobitsOfVersion2)[c >> 4];
  const fullRate = ratesOfVersion1[(c >> 2) & 3];
  if (version === 1 || !isLayer3 || !kilobits || !fullRate) return null;
  const sampleRate = isVersion1 ? fullRate : version === 2 ? fullRate / 2 : fullRate / 4;
  const padding = (c >> 1) & 1;
  return {
    sampleRate,
    channels: d >> 6 === 3 ? 1 : 2,
    length: Math.floor(((isVersion1 ? 144_000 : 72_000) * kilobits) / sampleRate) + padding,
  };
}

/** True when AAC in ADTS begins at byte 0. It shares MP3's sync bits; its layer bits are 00, which MP3 never has. */
export function isAdts(bytes: Uint8Array): boolean {
  const isHeader = (at: number): boolean =>
    bytes[at] === 0xff &&
    ((bytes[at + 1] ?? 0) & 0xf6) === 0xf0 &&
    (((bytes[at + 2] ?? 0) >> 2) & 15) < 13;
  if (!isHeader(0)) return false;
  const [, , , d = 0, e = 0, f = 0] = bytes;
  const length = ((d & 3) << 11) | (e << 3) | (f >> 5);
  return length > 7 && (bytes.length < length + 3 || isHeader(length));
}

/** How many bytes an ID3v2 tag at byte 0 takes, 0 when there is none (id3.org, ID3v2.4 §3.1: sizes of 7 bits a byte). */
export function id3Length(bytes: Uint8Array): number {
  if (bytes[0] !== 0x49 || bytes[1] !== 0x44 || bytes[2] !== 0x33 || bytes.length < 10) return 0;
  const [, , , , , flags = 0, a = 0, b = 0, c = 0, d = 0] = bytes;
  const footer = flags & 0x10 ? 10 : 0;
  return 10 + ((a & 127) << 21) + ((b & 127) << 14) + ((c & 127) << 7) + (d & 127) + footer;
}
