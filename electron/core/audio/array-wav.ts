import { half } from '../codec/numpy-items.ts';
import { MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import type { ArraySound } from './array-sound.ts';
import { wavHeader } from './wav.ts';

/** Reads an item of an array. */
type ReadItem = (view: DataView, at: number, isLittleEndian: boolean) => number;
type WriteSample = (view: DataView, at: number, sample: number) => void;
type Coding = {
  itemBytes: number;
  read: ReadItem;
  encoding: 'u8' | 's16le' | 's32le' | 'f32le';
  sampleBytes: number;
  write: WriteSample;
};

/** Floats become 32-bit floats, of which those that are no number are silent. Integers keep their width. */
const float: Pick<Coding, 'encoding' | 'sampleBytes' | 'write'> = {
  encoding: 'f32le',
  sampleBytes: 4,
  write: (view, at, sample) => {
    view.setFloat32(at, Number.isFinite(sample) ? sample : 0, true);
  },
};

const codings: Record<string, Coding> = {
  f2: { itemBytes: 2, read: (view, at, little) => half(view.getUint16(at, little)), ...float },
  f4: { itemBytes: 4, read: (view, at, little) => view.getFloat32(at, little), ...float },
  f8: { itemBytes: 8, read: (view, at, little) => view.getFloat64(at, little), ...float },
  // WAV's 8-bit samples are unsigned.
  i1: {
    ...{ encoding: 'u8', itemBytes: 1, sampleBytes: 1 },
    read: (view, at) => view.getInt8(at) + 128,
    write: (view, at, sample) => {
      view.setUint8(at, sample);
    },
  },
  u1: {
    ...{ encoding: 'u8', itemBytes: 1, sampleBytes: 1 },
    read: (view, at) => view.getUint8(at),
    write: (view, at, sample) => {
      view.setUint8(at, sample);
    },
  },
  i2: {
    ...{ encoding: 's16le', itemBytes: 2, sampleBytes: 2 },
    read: (view, at, little) => view.getInt16(at, little),
    write: (view, at, sample) => {
      view.setInt16(at, sample, true);
    },
  },
  i4: {
    ...{ encoding: 's32le', itemBytes: 4, sampleBytes: 4 },
    read: (view, at, little) => view.getInt32(at, little),
    write: (view, at, sample) => {
      view.setInt32(at, sample, true);
    },
  },
};

/** An array as a WAV file at a rate in Hz, converted while it is read. Its items lie in `items`. */
export function wavOfArray(items: ByteSource, sound: ArraySound, sampleRate: number): ByteSource[] {
  const kind = sound.dtype.replace(/^[<>=|]/, '');
  const coding = codings[kind];
  if (!coding) throw new TypeError(`an array of ${kind} is no sound`);
  const samples = new ArraySamples(items, sound, coding);
  const { encoding } = coding;
  const { channels } = sound;
  return [new MemoryBytes(wavHeader({ encoding, sampleRate, channels }, samples.size)), samples];
}

/** The samples of an array as a WAV has them: little-endian, a frame's channels side by side. */
class ArraySamples implements ByteSource {
  readonly size: number;
  readonly #items: ByteSource;
  readonly #sound: ArraySound;
  readonly #coding: Coding;
  readonly #frameBytes: number;

  constructor(items: ByteSource, sound: ArraySound, coding: Coding) {
    this.#items = items;
    this.#sound = sound;
    this.#coding = coding;
    this.#frameBytes = coding.sampleBytes * sound.channels;
    this.size = this.#frameBytes * sound.frames;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    if (end <= offset) return new Uint8Array(0);
    const first = Math.floor(offset / this.#frameBytes);
    const frames = await this.#frames(first, Math.ceil(end / this.#frameBytes) - first);
    const skipped = first * this.#frameBytes;
    return frames.subarray(offset - skipped, end - skipped);
  }

  isUnchanged(): Promise<boolean> {
    return this.#items.isUnchanged();
  }

  async #frames(first: number, count: number): Promise<Uint8Array> {
    const { channels, frames, layout } = this.#sound;
    const { itemBytes } = this.#coding;
    const wav = new DataView(new ArrayBuffer(count * this.#frameBytes));
    if (layout === 'frames') {
      const items = await this.#items.read(
        first * channels * itemBytes,
        count * channels * itemBytes,
      );
      this.#convert(items, wav, 0, 1);
    } else {
      for (let channel = 0; channel < channels; channel += 1) {
        const at = (channel * frames + first) * itemBytes;
        this.#convert(await this.#items.read(at, count * itemBytes), wav, channel, channels);
      }
    }
    return new Uint8Array(wav.buffer);
  }

  /** Puts items into every `step`-th place of the WAV's samples, from the place `start` on. */
  #convert(items: Uint8Array, wav: DataView, start: number, step: number): void {
    const { itemBytes, sampleBytes, read, write } = this.#coding;
    const { isLittleEndian } = this.#sound;
    const view = new DataView(items.buffer, items.byteOffset, items.byteLength);
    let to = start * sampleBytes;
    for (let from = 0; from + itemBytes <= items.length; from += itemBytes) {
      write(wav, to, read(view, from, isLittleEndian));
      to += step * sampleBytes;
    }
  }
}
