import { mp3Info } from './mp3-info.ts';
import { MpegSplitter, type SplitFrame } from './mpeg-splitter.ts';
import { PacketDecoder } from './packet-decoder.ts';
import {
  DecodeFailure,
  type DecoderListener,
  type Place,
  type StreamDecoder,
} from './stream-decoder.ts';
import { Trim } from './trim.ts';

/** MP3, or AAC in ADTS: the first frame says which. Where LAME wrote down what it added at both ends, that is left out. */
export class MpegDecoder implements StreamDecoder {
  // A frame may need bits of those before it, 511 bytes at most; at the lowest rates that is 0.3 s of frames.
  readonly preroll = 0.5;
  readonly #listener: DecoderListener;
  readonly #splitter = new MpegSplitter();
  readonly #trim: Trim;
  #decoder: PacketDecoder | null = null;
  /** Seconds of the stream at which the next frame stands; null before the first. */
  #seconds: number | null = null;

  constructor(listener: DecoderListener) {
    this.#listener = listener;
    this.#trim = new Trim(listener.sound);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (const frame of this.#splitter.push(bytes)) this.#take(frame);
    await this.#decoder?.ready();
  }

  async end(): Promise<void> {
    for (const frame of this.#splitter.end()) this.#take(frame);
    if (!this.#decoder) throw new DecodeFailure('There is no whole frame of MPEG audio.');
    await this.#decoder.flush();
  }

  resume({ byte, seconds }: Place): void {
    this.#decoder?.close();
    this.#splitter.resume(byte);
    this.#seconds = byte === 0 ? null : seconds;
    this.#trim.restart(seconds);
  }

  close(): void {
    this.#decoder?.close();
  }

  #take(frame: SplitFrame): void {
    if (this.#seconds === null) {
      this.#seconds = 0;
      this.#trim.restart(0);
      if (this.#isInfo(frame)) return;
    }
    this.#decoder ??= this.#open(frame);
    this.#listener.place({ byte: frame.offset, seconds: this.#seconds });
    this.#decoder.decode(frame.bytes, this.#seconds);
    this.#seconds += frame.samples / frame.sampleRate;
  }

  #isInfo(frame: SplitFrame): boolean {
    const info = frame.coding === 'mp3' ? mp3Info(frame.bytes, frame) : null;
    if (!info) return false;
    const { delay, padding, total } = info;
    this.#seconds = -delay / frame.sampleRate;
    this.#trim.restart(this.#seconds);
    if (total !== null) this.#trim.limit = (total - delay - padding) / frame.sampleRate;
    return true;
  }

  #open({ coding, sampleRate, channels }: SplitFrame): PacketDecoder {
    this.#listener.label(coding === 'mp3' ? 'MP3' : 'AAC');
    const codec = coding === 'mp3' ? 'mp3' : 'mp4a.40.2';
    return new PacketDecoder({ codec, sampleRate, numberOfChannels: channels }, (sound) => {
      this.#trim.pass(sound);
    });
  }
}
