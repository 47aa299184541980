import type { Pcm } from '../../contract/intent.ts';

/** Format tags that matter here; an extensible `fmt ` names one of them in its sub-format (Microsoft RIFF WAVE). */
const codings: Record<number, string> = {
  1: 'pcm',
  2: 'ADPCM',
  3: 'float',
  6: 'A-law',
  7: 'µ-law',
  17: 'ADPCM',
};
const EXTENSIBLE = 0xfffe;
/** Writers that can't go back leave 0 or about the largest size in a header, which mean "to the end". */
const NEARLY_LARGEST = 0x7fff_0000;

/** What a WAV's first bytes say. `sampleRate` in Hz, `data` and `frameBytes` in bytes. */
export type WavHead = {
  channels: number;
  sampleRate: number;
  /** `pcm`, `float`, `µ-law`…; empty when it is none of those known. */
  coding: string;
  /** Of one sample of each channel. */
  frameBytes: number;
  /** Where the samples begin and how many bytes the header says they are; null: until the end, however long. */
  data?: { offset: number; size: number | null };
};

/** The chunks of a WAV whose first bytes these are, up to its samples. Null when they hold no `fmt ` chunk. */
export function wavHead(head: Uint8Array): WavHead | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let format: WavHead | null = null;
  for (let at = 12; at + 8 <= head.length;) {
    const id = view.getUint32(at, false);
    const size = view.getUint32(at + 4, true);
    if (id === 0x666d7420 && at + 24 <= head.length) format = readFormat(view, at + 8, size);
    if (id === 0x64617461 && format) {
      return { ...format, data: { offset: at + 8, size: isOpen(size) ? null : size } };
    }
    // Chunks are padded to even lengths.
    at += 8 + size + (size & 1);
  }
  return format;
}

/** Whether the samples of one could go on behind those of the other. */
export const isAlike = (a: WavHead, b: WavHead): boolean =>
  a.coding === b.coding &&
  a.channels === b.channels &&
  a.sampleRate === b.sampleRate &&
  a.frameBytes === b.frameBytes;

const isOpen = (size: number): boolean => size === 0 || size >= NEARLY_LARGEST;

function readFormat(view: DataView, at: number, size: number): WavHead {
  const tag = view.getUint16(at, true);
  const isExtensible = tag === EXTENSIBLE && size >= 26 && at + 26 <= view.byteLength;
  return {
    channels: view.getUint16(at + 2, true),
    sampleRate: view.getUint32(at + 4, true),
    frameBytes: view.getUint16(at + 12, true),
    coding: codings[isExtensible ? view.getUint16(at + 24, true) : tag] ?? '',
  };
}

/** A WAV's head up to its samples, with the sizes that a file of `fileBytes` has instead of open ones. */
export function withSizes(head: Uint8Array, fileBytes: number): Uint8Array {
  const sized = Uint8Array.from(head);
  const view = new DataView(sized.buffer);
  view.setUint32(4, Math.min(fileBytes - 8, LARGEST), true);
  view.setUint32(sized.length - 4, Math.min(fileBytes - sized.length, LARGEST), true);
  return sized;
}

const HEADER_BYTES = 44;
/** RIFF sizes are 32-bit. Longer sound gets the largest size, which players read as "to the end". */
const LARGEST = 0xffff_ffff;

/** WAV's tag and the bytes of a sample. */
const encodings = {
  u8: { tag: 1, sampleBytes: 1 },
  s16le: { tag: 1, sampleBytes: 2 },
  s24le: { tag: 1, sampleBytes: 3 },
  s32le: { tag: 1, sampleBytes: 4 },
  f32le: { tag: 3, sampleBytes: 4 },
  alaw: { tag: 6, sampleBytes: 1 },
  mulaw: { tag: 7, sampleBytes: 1 },
} as const;
export type WavEncoding = keyof typeof encodings;

/** Samples without a header, interleaved. */
type Samples = Omit<Pcm, 'encoding'> & { encoding: WavEncoding };

/** The 44 bytes that make headerless samples of `dataBytes` a WAV file. */
export function wavHeader(samples: Samples, dataBytes: number): Uint8Array {
  const { sampleRate, channels } = samples;
  const { tag, sampleBytes } = encodings[samples.encoding];
  const bytesPerFrame = sampleBytes * channels;
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  const text = (at: number, letters: string): void => {
    header.set(new TextEncoder().encode(letters), at);
  };
  text(0, 'RIFF');
  view.setUint32(4, Math.min(dataBytes + HEADER_BYTES - 8, LARGEST), true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, tag, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * bytesPerFrame, true);
  view.setUint16(32, bytesPerFrame, true);
  view.setUint16(34, 8 * sampleBytes, true);
  text(36, 'data');
  view.setUint32(40, Math.min(dataBytes, LARGEST), true);
  return header;
}
