import { ByteQueue } from './byte-queue.ts';
import { bytesPerSample, readPcm, type PcmReading } from './pcm.ts';
import type { DecoderListener, Place, StreamDecoder } from './stream-decoder.ts';

type Extent = {
  /** Where in the stream the samples begin and end. */
  start: number;
  end: number;
};

/** Headerless sound. A frame cut at the very end of the stream is not played. */
export class PcmDecoder implements StreamDecoder {
  readonly preroll = 0;
  readonly #reading: PcmReading;
  readonly #listener: DecoderListener;
  readonly #extent: Extent;
  readonly #frameBytes: number;
  #queue: ByteQueue;

  constructor(
    reading: PcmReading,
    listener: DecoderListener,
    extent: Extent = { start: 0, end: Infinity },
  ) {
    this.#reading = reading;
    this.#listener = listener;
    this.#extent = extent;
    this.#frameBytes = bytesPerSample(reading.encoding) * reading.channels;
    this.#queue = new ByteQueue(extent.start);
  }

  write(bytes: Uint8Array): Promise<void> {
    this.#queue.append(bytes);
    const { start, end } = this.#extent;
    const { offset } = this.#queue;
    const there = Math.max(0, Math.min(this.#queue.bytes.length, end - offset));
    const whole = this.#queue.take(there - (there % this.#frameBytes));
    if (whole && whole.length > 0) {
      const at = (offset - start) / this.#frameBytes;
      this.#listener.place({ byte: offset, seconds: at / this.#reading.sampleRate });
      this.#listener.sound(readPcm(whole, this.#reading), at);
    }
    // What follows the samples, a WAV's trailing chunks, is no sound.
    if (this.#queue.offset + this.#frameBytes > end) this.#queue.skip(this.#queue.bytes.length);
    return Promise.resolve();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  resume({ byte }: Place): void {
    this.#queue = new ByteQueue(byte);
    this.#queue.skip(Math.max(0, this.#extent.start - byte));
  }

  close(): void {
    this.#queue = new ByteQueue();
  }
}
