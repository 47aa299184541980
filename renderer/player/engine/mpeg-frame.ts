// Frame headers of MPEG audio: ISO/IEC 11172-3 §2.4.1.3 and 13818-3 for MP3, 14496-3 §1.A.2.2 for AAC in ADTS.

/** A frame of MP3 or of AAC in ADTS. `length` in bytes with the header; `samples` per channel; `sampleRate` in Hz. */
export type MpegFrame = {
  coding: 'mp3' | 'aac';
  length: number;
  samples: number;
  sampleRate: number;
  channels: number;
  /** What stays the same from frame to frame of one stream. */
  identity: string;
};

/** The most that a header takes which both codings are told by. */
export const FRAME_HEADER_BYTES = 7;

const kilobitsOfVersion1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const kilobitsOfVersion2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const ratesOfVersion1 = [44_100, 48_000, 32_000];
const ratesOfAac = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000,
  7350,
];

/** The frame whose header begins at `at`, or null. A chance match is easy: confirm it by the frame behind it. */
export function mpegFrame(bytes: Uint8Array, at: number): MpegFrame | null {
  if (bytes[at] !== 0xff || ((bytes[at + 1] ?? 0) & 0xe0) !== 0xe0) return null;
  const layer = ((bytes[at + 1] ?? 0) >> 1) & 3;
  if (layer === 1) return mp3Frame(bytes, at);
  return layer === 0 ? adtsFrame(bytes, at) : null;
}

function mp3Frame(bytes: Uint8Array, at: number): MpegFrame | null {
  const [, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  const version = (b >> 3) & 3;
  const isVersion1 = version === 3;
  const kilobits = (isVersion1 ? kilobitsOfVersion1 : kilobitsOfVersion2)[c >> 4];
  const fullRate = ratesOfVersion1[(c >> 2) & 3];
  if (version === 1 || !kilobits || !fullRate) return null;
  const sampleRate = isVersion1 ? fullRate : version === 2 ? fullRate / 2 : fullRate / 4;
  const padding = (c >> 1) & 1;
  const channels = d >> 6 === 3 ? 1 : 2;
  return {
    coding: 'mp3',
    length: Math.floor(((isVersion1 ? 144_000 : 72_000) * kilobits) / sampleRate) + padding,
    samples: isVersion1 ? 1152 : 576,
    sampleRate,
    channels,
    identity: `mp3 ${sampleRate} ${channels}`,
  };
}

function adtsFrame(bytes: Uint8Array, at: number): MpegFrame | null {
  const [, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = bytes.subarray(at, at + FRAME_HEADER_BYTES);
  const sampleRate = ratesOfAac[(c >> 2) & 15];
  const length = ((d & 3) << 11) | (e << 3) | (f >> 5);
  if ((b & 0xf0) !== 0xf0 || !sampleRate || length <= FRAME_HEADER_BYTES) return null;
  const configuration = ((c & 1) << 2) | (d >> 6);
  return {
    coding: 'aac',
    length,
    samples: 1024 * ((g & 3) + 1),
    sampleRate,
    // 7 stands for 7.1; 0 for a layout told inside, which is stereo as a rule.
    channels: configuration === 7 ? 8 : configuration || 2,
    identity: `aac ${sampleRate} ${configuration}`,
  };
}

/** How many bytes an ID3v2 tag at byte 0 takes, 0 when there is none (id3.org, ID3v2.4 §3.1: sizes of 7 bits a byte). */
export function id3Length(bytes: Uint8Array): number {
  if (bytes[0] !== 0x49 || bytes[1] !== 0x44 || bytes[2] !== 0x33 || bytes.length < 10) return 0;
  const [, , , , , flags = 0, a = 0, b = 0, c = 0, d = 0] = bytes;
  const footer = flags & 0x10 ? 10 : 0;
  return 10 + ((a & 127) << 21) + ((b & 127) << 14) + ((c & 127) << 7) + (d & 127) + footer;
}
