import type { FailReason, FromWorker, StreamFormat } from './engine-messages.ts';
import type { LiveSource } from './live-source.ts';
import { SourceFailure } from './live-source.ts';
import { openDecoder, pcmDecoder } from './open-decoder.ts';
import { Outline } from './outline.ts';
import type { PcmReading, Sound } from './pcm.ts';
import { SeekFilter } from './seek-filter.ts';
import { SeekIndex } from './seek-index.ts';
import type { SoundOutput } from './sound-output.ts';
import type { DecoderListener, Place, StreamDecoder } from './stream-decoder.ts';

/** Decoded at a time between two looks at how much is buffered: 5 s at 24 kb/s, and 0.1 s of 16-bit stereo. */
const SLICE_BYTES = 16_384;
/** Decoders give sound a moment after its bytes. When none has come for so long, none will without more bytes. */
const SETTLED_MS = 20;
const HEAD_SHOWN_BYTES = 65_536;

const start: Place = { byte: 0, seconds: 0 };

/** One stream from its bytes to the output: what it is, what has been decoded of it, and from where it is decoded now. */
export class StreamSession {
  readonly #source: LiveSource;
  readonly #output: SoundOutput;
  readonly #tell: (message: FromWorker) => void;
  #pcm: PcmReading | null;
  #decoder: StreamDecoder | null = null;
  #head = new Uint8Array(0);
  #index = new SeekIndex();
  #outline = new Outline();
  #label = '';
  #format: StreamFormat | null = null;
  #firstDecodableAt: number | null = null;
  #filter: SeekFilter;
  /** The frame behind the last one decoded. */
  #reached = 0;
  #turn = new AbortController();
  #running = Promise.resolve();

  constructor(
    source: LiveSource,
    output: SoundOutput,
    pcm: PcmReading | null,
    tell: (message: FromWorker) => void,
  ) {
    this.#source = source;
    this.#output = output;
    this.#pcm = pcm;
    this.#tell = tell;
    this.#filter = this.#filterTo(0);
    this.#go(start, 0);
  }

  /** What the stream is, once sound has come out. */
  get format(): StreamFormat | null {
    return this.#format;
  }

  get outline(): Outline {
    return this.#outline;
  }

  /** When the bytes arrived that gave the first sound, in epoch milliseconds. */
  get firstDecodableAt(): number | null {
    return this.#firstDecodableAt;
  }

  /** Goes on at `seconds`, or at the newest sound when the stream does not reach that far. */
  seek(seconds: number): void {
    const decoder = this.#decoder;
    if (!decoder) return;
    const place = this.#index.before(Math.min(seconds, this.#outline.seconds) - decoder.preroll);
    decoder.resume(place);
    this.#go(place, seconds);
  }

  /** Reads the stream anew as `pcm`, whatever it seemed to be, and goes on at `seconds`. */
  readAs(pcm: PcmReading, seconds: number): void {
    this.#decoder?.close();
    this.#pcm = pcm;
    this.#index = new SeekIndex();
    this.#outline = new Outline();
    this.#format = null;
    this.#decoder = pcmDecoder(pcm, this.#listener());
    this.#go(start, seconds);
  }

  #go(place: Place, target: number): void {
    this.#turn.abort();
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    this.#filter = this.#filterTo(target);
    this.#output.flush(target === Infinity ? this.#outline.seconds : target);
    this.#running = this.#running
      .then(() => this.#stream(place.byte, signal))
      .catch((error: unknown) => {
        if (!signal.aborted) this.#tell({ type: 'failed', reason: reasonOf(error) });
      });
  }

  async #stream(from: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    let offset = from;
    for (let isEnd = false; !isEnd;) {
      await this.#output.room(signal);
      const piece = await this.#source.read(offset, signal);
      offset += piece.bytes.length;
      isEnd = piece.isEnd;
      await this.#decode(piece.bytes, isEnd, signal);
      if (offset >= this.#source.received) await this.#settle(signal);
    }
    await this.#decoder?.end();
    signal.throwIfAborted();
    this.#filter.release();
    if (!this.#format) throw new Error('The stream has ended without a sample.');
    this.#output.end();
  }

  /** With all that has arrived decoded, and the target not reached, there is nothing better to begin with. */
  async #settle(signal: AbortSignal): Promise<void> {
    let before = -1;
    while (this.#filter.isHolding && before !== this.#reached) {
      before = this.#reached;
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      signal.throwIfAborted();
    }
    this.#filter.release();
  }

  async #decode(bytes: Uint8Array, isEnd: boolean, signal: AbortSignal): Promise<void> {
    const decoder = this.#decoder;
    if (!decoder) {
      await this.#open(bytes, isEnd, signal);
      return;
    }
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
      await this.#output.room(signal);
      await decoder.write(bytes.subarray(at, at + SLICE_BYTES));
      signal.throwIfAborted();
    }
  }

  async #open(bytes: Uint8Array, isEnd: boolean, signal: AbortSignal): Promise<void> {
    const head = new Uint8Array(this.#head.length + bytes.length);
    head.set(this.#head);
    head.set(bytes, this.#head.length);
    const opening = openDecoder(head, isEnd, this.#pcm, this.#listener());
    if (opening === 'more') {
      this.#head = head;
      return;
    }
    this.#head = new Uint8Array(0);
    if (opening === 'undecidable') {
      this.#tell({ type: 'undecidable', head: head.slice(0, HEAD_SHOWN_BYTES) });
      this.#turn.abort();
      signal.throwIfAborted();
    } else {
      this.#decoder = opening;
      await this.#decode(head, isEnd, signal);
    }
  }

  #listener(): DecoderListener {
    const index = this.#index;
    return {
      sound: (sound, at) => {
        this.#take(sound, at);
      },
      place: (place) => {
        index.add(place);
      },
      label: (label) => {
        this.#label = label;
      },
    };
  }

  #take(sound: Sound, at: number): void {
    for (const plane of sound.planes) silenceNonNumbers(plane);
    const { planes, sampleRate } = sound;
    this.#firstDecodableAt ??= this.#source.arrivedAt;
    if (this.#format?.sampleRate !== sampleRate || this.#format.channels !== planes.length) {
      this.#format = { label: this.#label, sampleRate, channels: planes.length };
    }
    this.#reached = at + (planes[0]?.length ?? 0);
    this.#outline.add(sound, at);
    this.#filter.take(sound, at);
  }

  #filterTo(target: number): SeekFilter {
    return new SeekFilter(
      target,
      (sound) => {
        this.#output.push(sound);
      },
      (seconds) => {
        this.#output.flush(seconds);
        this.#tell({ type: 'moved', seconds });
      },
    );
  }
}

/** Not a number and infinity are silence, as one of them would silence all filters behind it for good. */
function silenceNonNumbers(plane: Float32Array): void {
  for (let index = 0; index < plane.length; index += 1) {
    if (!Number.isFinite(plane[index])) plane[index] = 0;
  }
}

function reasonOf(error: unknown): FailReason {
  if (error instanceof SourceFailure) return error.reason;
  return error instanceof Error && error.name === 'DecodeFailure' ? 'damaged' : 'no-sound';
}
