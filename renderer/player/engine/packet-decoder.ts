import type { Sound } from './pcm.ts';
import { DecodeFailure } from './stream-decoder.ts';

/** So many damaged packets in a row are no longer damage, but another coding than it seemed. */
const FAILURES_IN_A_ROW = 64;

/** Decoded at a time: a second and more of any coding. */
const PACKETS_AT_ONCE = 64;

/**
 * The browser's decoder, which ends at the first packet it can't read; this one goes on with the next. Sound comes in the
 * order of the packets.
 */
export class PacketDecoder {
  readonly #config: AudioDecoderConfig;
  readonly #sound: (sound: Sound) => void;
  #decoder: AudioDecoder | null = null;
  #failures = 0;
  #leave: (value?: unknown) => void = () => undefined;

  /** `sound` is told what came out. */
  constructor(config: AudioDecoderConfig, sound: (sound: Sound) => void) {
    this.#config = config;
    this.#sound = sound;
  }

  /** @throws DecodeFailure when nothing but damage came for long. */
  decode(packet: Uint8Array<ArrayBuffer>, seconds: number): void {
    if (this.#failures >= FAILURES_IN_A_ROW) {
      throw new DecodeFailure(`${this.#config.codec} packets could not be decoded.`);
    }
    this.#decoder ??= this.#start();
    const timestamp = Math.round(seconds * 1e6);
    this.#decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp, data: packet }));
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
    try {
      await this.#decoder?.flush();
    } catch {
      // The last packet was damaged, or `close` came first: what could be told has been told.
    }
  }

  /** Forgets what it has not told yet. It may be used again. */
  close(): void {
    const decoder = this.#decoder;
    this.#decoder = null;
    if (decoder && decoder.state !== 'closed') decoder.close();
    this.#leave();
  }

  #start(): AudioDecoder {
    const decoder = new AudioDecoder({
      output: (data) => {
        if (this.#decoder === decoder) this.#tell(data);
        data.close();
      },
      error: () => {
        this.#failures += 1;
        if (this.#decoder === decoder) this.#decoder = null;
        this.#leave();
      },
    });
    decoder.configure(this.#config);
    return decoder;
  }

  #tell(data: AudioData): void {
    this.#failures = 0;
    const planes = Array.from({ length: data.numberOfChannels }, (_, planeIndex) => {
      const plane = new Float32Array(data.numberOfFrames);
      data.copyTo(plane, { planeIndex, format: 'f32-planar' });
      return plane;
    });
    this.#sound({ planes, sampleRate: data.sampleRate });
  }
}
