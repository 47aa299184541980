import type { Pcm } from '../../contract/intent.ts';
import { MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import { wavHeader, type WavEncoding } from './wav.ts';

type Coding = {
  /** Of one sample, in bytes. */
  bytes: number;
  /** As which encoding it stands in a WAV without any loss, and what has to be done for that. */
  wav: WavEncoding;
  change?: 'swap' | 'flip-sign';
};

const codings: Record<Pcm['encoding'], Coding> = {
  u8: { bytes: 1, wav: 'u8' },
  // WAV's 8-bit samples are unsigned.
  s8: { bytes: 1, wav: 'u8', change: 'flip-sign' },
  s16le: { bytes: 2, wav: 's16le' },
  s16be: { bytes: 2, wav: 's16le', change: 'swap' },
  s24le: { bytes: 3, wav: 's24le' },
  s24be: { bytes: 3, wav: 's24le', change: 'swap' },
  s32le: { bytes: 4, wav: 's32le' },
  s32be: { bytes: 4, wav: 's32le', change: 'swap' },
  f32le: { bytes: 4, wav: 'f32le' },
  f32be: { bytes: 4, wav: 'f32le', change: 'swap' },
  mulaw: { bytes: 1, wav: 'mulaw' },
  alaw: { bytes: 1, wav: 'alaw' },
};

/** Bytes of one frame: one sample of each channel. */
export const frameBytes = ({ encoding, channels }: Pcm): number =>
  codings[encoding].bytes * channels;

/** Headerless samples as a WAV file, without any loss; what follows the last whole frame is left out. */
export function wavOfPcm(source: ByteSource, pcm: Pcm): ByteSource[] {
  const { bytes, wav, change } = codings[pcm.encoding];
  const size = source.size - (source.size % frameBytes(pcm));
  const header = new MemoryBytes(wavHeader({ ...pcm, encoding: wav }, size));
  return [header, new WavSamples(source, size, bytes, change)];
}

/** "PCM 24 kHz mono", and the encoding when it is not the usual one. */
export function pcmLabel({ encoding, sampleRate, channels }: Pcm): string {
  const shape = channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`;
  return `PCM ${encoding === 's16le' ? '' : `${encoding} `}${sampleRate / 1000} kHz ${shape}`;
}

/** Samples as a WAV has them, changed while they are read. */
class WavSamples implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #width: number;
  readonly #change: Coding['change'];

  constructor(source: ByteSource, size: number, width: number, change: Coding['change']) {
    this.size = size;
    this.#source = source;
    this.#width = width;
    this.#change = change;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    if (end <= offset) return new Uint8Array();
    if (this.#change === undefined) return this.#source.read(offset, end - offset);
    const from = offset - (offset % this.#width);
    const to = Math.ceil(end / this.#width) * this.#width;
    const bytes = (await this.#source.read(from, to - from)).slice();
    if (this.#change === 'swap') swap(bytes, this.#width);
    else flipSigns(bytes);
    return bytes.subarray(offset - from, end - from);
  }

  isUnchanged(): Promise<boolean> {
    return this.#source.isUnchanged();
  }
}

/** Turns samples of `width` bytes from big-endian to little-endian, in place. */
function swap(bytes: Uint8Array, width: number): void {
  for (let at = 0; at + width <= bytes.length; at += width)
    bytes.subarray(at, at + width).reverse();
}

/** Turns signed 8-bit samples to unsigned ones, in place. */
function flipSigns(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 0x80;
}
