import type { Travel } from '../../contract/intent.ts';
import { NumpyArray } from '../codec/numpy.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { RateChange, Resampler } from './resample.ts';
import { findWavSound, readFrames, type WavSound } from './wav-read.ts';

/** How a file travels as samples. */
type SamplesTravel = Extract<Travel, { as: 'samples' }>;

/** Frames that are read and resampled at once. */
const BLOCK_FRAMES = 16_384;

/**
 * The samples of a WAV file as a numpy array, computed while they are read, so that an hour costs the memory of a second. float32 keeps full scale at ±1; int16 is that times 32768, rounded and clipped, so
 * 16-bit sound at its own rate passes as it is. `mono` is the channels' mean.
 * @throws SoundpostError `needs_decoding`, `file_unreadable`
 */
export async function samplesOf(file: ByteSource, travel: SamplesTravel): Promise<NumpyArray> {
  const sound = await findWavSound(file);
  if (sound.frames === 0) {
    throw new SoundpostError('file_unreadable', 'The WAV file holds no sound. Choose another one.');
  }
  const change = new RateChange(sound.sampleRate, travel.sampleRate);
  const frames = change.length(sound.frames);
  const shape = {
    mono: [frames],
    'frames-channels': [frames, sound.channels],
    'channels-frames': [sound.channels, frames],
  }[travel.shape];
  const data = new SampleBytes({ file, sound, change, travel }, shape);
  return NumpyArray.of(travel.dtype === 'float32' ? '<f4' : '<i2', shape, data);
}

type Conversion = { file: ByteSource; sound: WavSound; change: RateChange; travel: SamplesTravel };

/** The bytes of converted samples. Read in order they are computed once; a step back begins anew. */
export class SampleBytes implements ByteSource {
  readonly size: number;
  /** What they are made of, and how. */
  readonly conversion: Conversion;
  #blocks: AsyncGenerator<Uint8Array> | null = null;
  /** What was computed last, and the offset of its first byte. */
  #block: Uint8Array = new Uint8Array(0);
  #blockAt = 0;

  constructor(conversion: Conversion, shape: number[]) {
    this.conversion = conversion;
    const itemBytes = conversion.travel.dtype === 'float32' ? 4 : 2;
    this.size = shape.reduce((product, length) => product * length, itemBytes);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const wanted = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    let filled = 0;
    while (filled < wanted.length) {
      const bytes = await this.#at(offset + filled, wanted.length - filled);
      if (bytes.length === 0) break;
      wanted.set(bytes, filled);
      filled += bytes.length;
    }
    return wanted.subarray(0, filled);
  }

  /** Some bytes at an offset, at most `most`; none when the file ended too soon. */
  async #at(offset: number, most: number): Promise<Uint8Array> {
    if (!this.#blocks || offset < this.#blockAt) {
      this.#blocks = convert(this.conversion);
      this.#block = new Uint8Array(0);
      this.#blockAt = 0;
    }
    while (offset >= this.#blockAt + this.#block.length) {
      const next = await this.#blocks.next();
      if (next.done) return new Uint8Array(0);
      this.#blockAt += this.#block.length;
      this.#block = next.value;
    }
    return this.#block.subarray(offset - this.#blockAt).subarray(0, most);
  }

  isUnchanged(): Promise<boolean> {
    return this.conversion.file.isUnchanged();
  }
}

async function* convert(conversion: Conversion): AsyncGenerator<Uint8Array> {
  const { sound, travel } = conversion;
  if (travel.shape === 'mono') {
    yield* convertPlanes(conversion, (planes) => [mean(planes)]);
  } else if (travel.shape === 'frames-channels') {
    yield* convertPlanes(conversion, (planes) => planes);
  } else {
    // The file is read once for each channel, since one whole channel stands before the next.
    for (let channel = 0; channel < sound.channels; channel += 1) {
      yield* convertPlanes(conversion, (planes) => planes.slice(channel, channel + 1));
    }
  }
}

async function* convertPlanes(
  { file, sound, change, travel }: Conversion,
  pick: (planes: Float32Array[]) => Float32Array[],
): AsyncGenerator<Uint8Array> {
  let resamplers: Resampler[] = [];
  for (let first = 0; first < sound.frames; first += BLOCK_FRAMES) {
    const frames = Math.min(BLOCK_FRAMES, sound.frames - first);
    const planes = pick(await readFrames(file, sound, first, frames));
    if (first === 0) resamplers = planes.map(() => new Resampler(change));
    yield encode(
      resamplers.map((resampler, at) => resampler.push(planes[at] ?? none)),
      travel,
    );
  }
  yield encode(
    resamplers.map((resampler) => resampler.finish()),
    travel,
  );
}

const none = new Float32Array(0);

function mean(planes: Float32Array[]): Float32Array {
  const [first = none] = planes;
  if (planes.length === 1) return first;
  return first.map((_, frame) => {
    let sum = 0;
    for (const plane of planes) sum += plane[frame] ?? 0;
    return sum / planes.length;
  });
}

/** Interleaves. Every system that Electron and Node are built for is little-endian, as typed arrays then are. */
function encode(planes: Float32Array[], { dtype }: SamplesTravel): Uint8Array {
  const channels = planes.length;
  const count = channels * (planes[0]?.length ?? 0);
  const items = dtype === 'float32' ? new Float32Array(count) : new Int16Array(count);
  for (const [channel, plane] of planes.entries()) {
    for (let frame = 0, at = channel; frame < plane.length; frame += 1, at += channels) {
      const sample = plane[frame] ?? 0;
      items[at] = dtype === 'float32' ? sample : to16Bit(sample);
    }
  }
  return new Uint8Array(items.buffer);
}

const to16Bit = (sample: number): number =>
  Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
