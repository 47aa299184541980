import type { Sound } from './pcm.ts';
import { DecodeFailure } from './stream-decoder.ts';

/** So many damaged packets in a row are no longer damage, but another coding than it seemed. */
const FAILURES_IN_A_ROW = 64;

/** Decoded at a time: a second and more of any coding. */
const PACKETS_AT_ONCE = 64;

/** Microseconds, less than any packet takes. */
const ROUNDING = 1000;

type Packet = { timestamp: number; data: Uint8Array<ArrayBuffer> };

/**
 * The browser's decoder, which ends at the first packet it can't read, and with it all that were waiting behind; this one
 * goes on with the next. Sound comes in the order of the packets.
 */
export class PacketDecoder {
  readonly #config: AudioDecoderConfig;
  readonly #sound: (sound: Sound) => void;
  #decoder: AudioDecoder | null = null;
  /** Those that have not come out yet, in order. */
  #pending: Packet[] = [];
  #failures = 0;
  #leave: (value?: unknown) => void = () => undefined;

  /** `sound` is told what came out. */
  constructor(config: AudioDecoderConfig, sound: (sound: Sound) => void) {
    this.#config = config;
    this.#sound = sound;
  }

  /** @throws DecodeFailure when nothing but damage came for long. */
  decode(data: Uint8Array<ArrayBuffer>, seconds: number): void {
    if (this.#failures >= FAILURES_IN_A_ROW) {
      throw new DecodeFailure(`${this.#config.codec} packets could not be decoded.`);
    }
    const packet = { timestamp: Math.round(seconds * 1e6), data };
    this.#pending.push(packet);
    this.#submit(packet);
  }

  /** Resolves when more packets should come. */
  async ready(): Promise<void> {
    while ((this.#decoder?.decodeQueueSize ?? 0) > PACKETS_AT_ONCE) {
      const decoder = this.#decoder;
      await new Promise((resolve) => {
        decoder?.addEventListener('dequeue', resolve, { once: true });
        this.#leave = resolve;
      });
    }
  }

  /** Resolves when all that went in has come out. */
  async flush(): Promise<void> {
    for (let decoder = this.#decoder; decoder; decoder = this.#decoder) {
      try {
        await decoder.flush();
        return;
      } catch {
        // A packet was damaged, and another decoder goes on with the rest; or `close` came first.
        if (this.#decoder === decoder) return;
      }
    }
  }

  /** Forgets what it has not told yet. It may be used again. */
  close(): void {
    const decoder = this.#decoder;
    this.#decoder = null;
    this.#pending = [];
    if (decoder && decoder.state !== 'closed') decoder.close();
    this.#leave();
  }

  #submit({ timestamp, data }: Packet): void {
    this.#decoder ??= this.#start();
    this.#decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp, data }));
  }

  /** Behind the packet that ended the decoder: the first of those that have not come out. */
  #goOn(): void {
    this.#failures += 1;
    this.#decoder = null;
    this.#pending.shift();
    if (this.#failures >= FAILURES_IN_A_ROW) return;
    for (const packet of this.#pending) this.#submit(packet);
  }

  #start(): AudioDecoder {
    const decoder = new AudioDecoder({
      output: (data) => {
        if (this.#decoder === decoder) this.#tell(data);
        data.close();
      },
      error: () => {
        if (this.#decoder === decoder) this.#goOn();
        this.#leave();
      },
    });
    decoder.configure(this.#config);
    return decoder;
  }

  #tell(data: AudioData): void {
    this.#failures = 0;
    // A packet may give no sound. Timestamps may be off by a rounding, as the decoder counts in frames, or be all the same.
    const timestampOf = (packet?: Packet): number => packet?.timestamp ?? Infinity;
    while (timestampOf(this.#pending[0]) < data.timestamp - ROUNDING) this.#pending.shift();
    if (timestampOf(this.#pending[0]) <= data.timestamp + ROUNDING) this.#pending.shift();
    const planes = Array.from({ length: data.numberOfChannels }, (_, planeIndex) => {
      const plane = new Float32Array(data.numberOfFrames);
      data.copyTo(plane, { planeIndex, format: 'f32-planar' });
      return plane;
    });
    this.#sound({ planes, sampleRate: data.sampleRate });
  }
}
