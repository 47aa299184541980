import {
  AudioSampleSink,
  FLAC,
  Input,
  MP4,
  ReadableStreamSource,
  WEBM,
  type AudioSample,
} from 'mediabunny';
import {
  DecodeFailure,
  type DecoderListener,
  type Place,
  type StreamDecoder,
} from './stream-decoder.ts';
import { Trim } from './trim.ts';

/** What mediabunny reads here. One format at a time: with several its guessing reads far ahead. */
const containers = {
  flac: { format: FLAC, label: 'FLAC' },
  mp4: { format: MP4, label: 'MP4' },
  webm: { format: WEBM, label: 'WebM' },
};

const codecLabels: Record<string, string> = {
  aac: 'AAC',
  opus: 'Opus',
  vorbis: 'Vorbis',
  mp3: 'MP3',
  flac: 'FLAC',
};

/** FLAC's frames don't say where they end, so the reader looks for the next one within 64 KiB before it gives the last. */
const FLAC_TAIL_BYTES = 65_536;

/** Of bytes read, how many are kept for going back inside a cluster or fragment. */
const CACHE_BYTES = 8 * 1024 * 1024;

/** FLAC, MP4 in fragments, and WebM of other codings than `WebmDecoder` reads. Going back means decoding again from the start. */
export class ContainerDecoder implements StreamDecoder {
  readonly preroll = 0;
  readonly #kind: keyof typeof containers;
  readonly #listener: DecoderListener;
  #reading: Reading;

  constructor(kind: keyof typeof containers, listener: DecoderListener) {
    this.#kind = kind;
    this.#listener = listener;
    this.#reading = new Reading(kind, listener);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#reading.write(bytes);
  }

  async end(): Promise<void> {
    await this.#reading.end();
  }

  resume(place: Place): void {
    if (place.byte !== 0) throw new DecodeFailure('Containers are decoded from their start.');
    this.#reading.close();
    this.#reading = new Reading(this.#kind, this.#listener);
  }

  close(): void {
    this.#reading.close();
  }
}

/** One pass over the stream. */
class Reading {
  readonly #kind: keyof typeof containers;
  readonly #listener: DecoderListener;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #done: Promise<void>;
  #failure: DecodeFailure | null = null;
  #isClosed = false;

  constructor(kind: keyof typeof containers, listener: DecoderListener) {
    this.#kind = kind;
    this.#listener = listener;
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    this.#writer = writable.getWriter();
    this.#done = this.#read(readable).catch((error: unknown) => {
      this.#failure ??= new DecodeFailure(error instanceof Error ? error.message : 'No sound.');
      void readable.cancel().catch(() => undefined);
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    // Copied: the reader keeps what it is given.
    await this.#writer.write(bytes.slice()).catch(() => undefined);
    this.#throwFailure();
  }

  async end(): Promise<void> {
    const tail = this.#kind === 'flac' ? this.#writer.write(new Uint8Array(FLAC_TAIL_BYTES)) : null;
    tail?.catch(() => undefined);
    this.#writer.close().catch(() => undefined);
    await this.#done;
    this.#throwFailure();
  }

  close(): void {
    this.#isClosed = true;
    this.#writer.abort().catch(() => undefined);
  }

  async #read(readable: ReadableStream<Uint8Array>): Promise<void> {
    const { format, label } = containers[this.#kind];
    const source = new ReadableStreamSource(readable, {
      maxCacheSize: CACHE_BYTES,
      handleUnhandledError: () => undefined,
    });
    const input = new Input({ source, formats: [format] });
    const track = await input.getPrimaryAudioTrack();
    if (!track || !(await track.canDecode()))
      throw new DecodeFailure('There is no sound inside that can be decoded.');
    const codec = codecLabels[(await track.getCodec()) ?? ''];
    this.#listener.label(!codec || codec === label ? label : `${label} ${codec}`);
    const trim = new Trim(this.#listener.sound);
    let isFirst = true;
    for await (const sample of new AudioSampleSink(track).samples()) {
      if (this.#isClosed) {
        sample.close();
        return;
      }
      if (isFirst) trim.restart(Math.min(0, sample.timestamp));
      isFirst = false;
      trim.pass({ planes: planesOf(sample), sampleRate: sample.sampleRate });
      sample.close();
    }
  }

  #throwFailure(): void {
    if (this.#failure && !this.#isClosed) throw this.#failure;
  }
}

function planesOf(sample: AudioSample): Float32Array<ArrayBuffer>[] {
  return Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
    const plane = new Float32Array(sample.numberOfFrames);
    sample.copyTo(plane, { planeIndex, format: 'f32-planar' });
    return plane;
  });
}
