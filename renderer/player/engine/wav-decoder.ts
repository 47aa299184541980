import { ByteQueue } from './byte-queue.ts';
import { PcmDecoder } from './pcm-decoder.ts';
import { bytesPerSample, type PcmEncoding, type PcmReading } from './pcm.ts';
import {
  DecodeFailure,
  type DecoderListener,
  type Place,
  type StreamDecoder,
} from './stream-decoder.ts';

/** From this size on, a writer that could not go back to fill it in meant "to the end": 0x7ffff000 is what SoX writes. */
const OPEN_ENDED_BYTES = 0x7fff_f000;
/** `fmt ` takes 40 bytes as a rule, `ds64` 28 and a table; anything much larger is damage, and must not be waited for. */
const HEADER_LIMIT_BYTES = 4096;

/** RF64 is WAV beyond 4 GiB. */
const RIFFS = ['RIFF', 'RF64'];
const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

const TAG_PCM = 1;
const TAG_FLOAT = 3;
const TAG_ALAW = 6;
const TAG_MULAW = 7;
const TAG_EXTENSIBLE = 0xfffe;

/** The samples of one file: where in the stream they stand, and how many frames there were before them. */
type Samples = { start: number; end: number; before: number; reading: PcmReading };

/**
 * WAV whose header may have been written before its length was known: a data size of 0, or one no file could have, means
 * that the samples go on to the end of the stream (Microsoft RIFF WAVE; RF64 is EBU Tech 3306). Behind a file of a true size
 * another one may follow, as models send that speak sentence by sentence: of the same samples, it goes on with them.
 */
export class WavDecoder implements StreamDecoder {
  readonly preroll = 0;
  readonly #listener: DecoderListener;
  #queue = new ByteQueue();
  /** Of the file whose chunks are read now. */
  #reading: PcmReading | null = null;
  #size64: number | null = null;
  /** Those found so far, in order, and the one whose samples come now. */
  readonly #found: Samples[] = [];
  #now: { samples: Samples; decoder: PcmDecoder } | null = null;
  /** What follows is no sound. */
  #isOver = false;

  constructor(listener: DecoderListener) {
    this.#listener = listener;
    this.#queue.skip(RIFF_HEADER_BYTES);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#queue.append(bytes);
    while (!this.#isOver && (this.#now || this.#openSamples())) {
      if (!this.#now) continue;
      const { samples, decoder } = this.#now;
      const here = this.#queue.bytes.length;
      const left = samples.end - this.#queue.offset;
      await decoder.write(this.#queue.take(Math.min(here, left)) ?? this.#queue.bytes);
      if (here < left) return;
      this.#now = null;
      // Chunks are padded to even lengths.
      this.#queue.skip((samples.end - samples.start) & 1);
    }
    if (this.#isOver) this.#queue.skip(this.#queue.bytes.length);
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  resume(place: Place): void {
    this.#now = null;
    this.#isOver = false;
    this.#queue = new ByteQueue(place.byte);
    // Those behind it are come to again.
    this.#found.length = this.#found.findLastIndex(({ start }) => start <= place.byte) + 1;
    const samples = this.#found.at(-1);
    if (samples) this.#begin(samples).resume(place);
    else this.#queue.skip(RIFF_HEADER_BYTES);
  }

  close(): void {
    this.#isOver = true;
  }

  /** Steps over chunks to the next samples, where the queue then stands; false until they are reached. */
  #openSamples(): boolean {
    for (;;) {
      const { bytes, offset } = this.#queue;
      if (bytes.length < CHUNK_HEADER_BYTES) return false;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const id = new TextDecoder('latin1').decode(bytes.subarray(0, 4));
      const size = view.getUint32(4, true);
      if (id === 'data') {
        this.#queue.skip(CHUNK_HEADER_BYTES);
        return this.#open(offset + CHUNK_HEADER_BYTES, size);
      }
      if (RIFFS.includes(id)) {
        this.#queue.skip(RIFF_HEADER_BYTES);
        this.#size64 = null;
        continue;
      }
      if (id === 'fmt ' || id === 'ds64') {
        if (size > HEADER_LIMIT_BYTES) throw new DecodeFailure(`The WAV's ${id} chunk is damaged.`);
        if (bytes.length < CHUNK_HEADER_BYTES + size) return false;
        const body = new DataView(bytes.buffer, bytes.byteOffset + CHUNK_HEADER_BYTES, size);
        if (id === 'fmt ') this.#reading = readingOf(body);
        else this.#size64 = Number(body.getBigUint64(8, true));
      }
      // Chunks are padded to even lengths.
      this.#queue.skip(CHUNK_HEADER_BYTES + size + (size & 1));
    }
  }

  /** Whether there is more to be heard: a further file of other samples ends the sound. */
  #open(start: number, size32: number): boolean {
    const reading = this.#reading;
    if (!reading) throw new DecodeFailure('The WAV has samples before it says what they are.');
    const size = this.#size64 ?? size32;
    const isOpen = size === 0 || (this.#size64 === null && size >= OPEN_ENDED_BYTES);
    const last = this.#found.at(-1);
    this.#isOver = last !== undefined && !isAlike(last.reading, reading);
    if (this.#isOver) return false;
    const before = last ? last.before + framesIn(last) : 0;
    const samples = { start, end: isOpen ? Infinity : start + size, before, reading };
    this.#found.push(samples);
    this.#listener.label(labelOf(reading.encoding));
    this.#begin(samples);
    return true;
  }

  #begin(samples: Samples): PcmDecoder {
    const { before, reading, ...extent } = samples;
    const earlier = before / reading.sampleRate;
    const decoder = new PcmDecoder(
      reading,
      {
        ...this.#listener,
        sound: (sound, at) => {
          this.#listener.sound(sound, before + at);
        },
        place: ({ byte, seconds }) => {
          this.#listener.place({ byte, seconds: earlier + seconds });
        },
      },
      extent,
    );
    this.#now = { samples, decoder };
    return decoder;
  }
}

function framesIn({ start, end, reading }: Samples): number {
  return Math.floor((end - start) / (bytesPerSample(reading.encoding) * reading.channels));
}

const isAlike = (a: PcmReading, b: PcmReading): boolean =>
  a.encoding === b.encoding && a.sampleRate === b.sampleRate && a.channels === b.channels;

function readingOf(fmt: DataView): PcmReading {
  if (fmt.byteLength < 16) throw new DecodeFailure('The WAV’s fmt chunk is too short.');
  const tag = fmt.getUint16(0, true);
  // EXTENSIBLE keeps the true tag in the first two bytes of its subformat.
  const coding = tag === TAG_EXTENSIBLE && fmt.byteLength >= 26 ? fmt.getUint16(24, true) : tag;
  const channels = fmt.getUint16(2, true);
  const sampleRate = fmt.getUint32(4, true);
  // The container's width, from the block size: 20-bit samples stand in 24.
  const bits = (fmt.getUint16(12, true) / channels) * 8;
  const encoding = encodingOf(coding, bits);
  if (!encoding || channels < 1 || channels > 8 || sampleRate < 1000 || sampleRate > 768_000) {
    throw new DecodeFailure(
      `WAV with format tag ${coding}, ${bits} bits, ${channels} channels at ${sampleRate} Hz is not read here.`,
    );
  }
  return { encoding, sampleRate, channels };
}

function encodingOf(tag: number, bits: number): PcmEncoding | null {
  switch (`${tag}/${bits}`) {
    case `${TAG_PCM}/8`:
      return 'u8';
    case `${TAG_PCM}/16`:
      return 's16le';
    case `${TAG_PCM}/24`:
      return 's24le';
    case `${TAG_PCM}/32`:
      return 's32le';
    case `${TAG_FLOAT}/32`:
      return 'f32le';
    case `${TAG_FLOAT}/64`:
      return 'f64le';
    case `${TAG_ALAW}/8`:
      return 'alaw';
    case `${TAG_MULAW}/8`:
      return 'mulaw';
    default:
      return null;
  }
}

function labelOf(encoding: PcmEncoding): string {
  if (encoding === 'mulaw') return 'WAV mu-law';
  if (encoding === 'alaw') return 'WAV A-law';
  const bits = bytesPerSample(encoding) * 8;
  return encoding.startsWith('f') ? `WAV float ${bits}-bit` : `WAV ${bits}-bit`;
}
