import type { OutputFormat, ToWorklet } from './engine-messages.ts';
import type { Sound } from './pcm.ts';
import { rateChangeFor, Resampler } from './resample.ts';

/** Above this nothing more is decoded, so that a paused or slow player costs nothing. It outlasts any hiccup of the app. */
const BUFFERED_SECONDS = 10;
/** Layouts that Web Audio knows: mono, stereo, quad, 5.1. */
const KNOWN_LAYOUTS = [1, 2, 4, 6];

/** Carries sound to the worklet, in the shape that a sound device takes, and knows how much of it has not sounded yet. */
export class SoundOutput {
  readonly #needs: (format: OutputFormat) => void;
  #format: OutputFormat | null = null;
  #streamRate = 0;
  #resamplers: Resampler[] = [];
  #port: MessagePort | null = null;
  /** For the worklet, until there is one. */
  #waiting: ToWorklet[] = [];
  #turn = 0;
  /** Of this turn, in frames of the output. */
  #sent = 0;
  #consumed = 0;
  /** Seconds of the stream at which this turn began. */
  #from = 0;
  #roomMade: () => void = () => undefined;

  /** `needs` is told of each new shape; a port to a worklet of that shape is then to be attached. */
  constructor(needs: (format: OutputFormat) => void) {
    this.#needs = needs;
  }

  /** Seconds sent and not sounded. */
  get buffered(): number {
    return (this.#sent - this.#consumed) / (this.#format?.sampleRate ?? 1);
  }

  attach(id: number, port: MessagePort): void {
    if (id !== this.#format?.id) return;
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<{ turn: number; consumed: number }>) => {
      if (port !== this.#port || data.turn !== this.#turn) return;
      this.#consumed = data.consumed;
      this.#roomMade();
    };
    for (const message of this.#waiting.splice(0)) this.#send(message);
  }

  push(sound: Sound): void {
    const channels = KNOWN_LAYOUTS.includes(sound.planes.length) ? sound.planes.length : 2;
    if (sound.sampleRate !== this.#streamRate || channels !== this.#format?.channels) {
      this.#change(sound.sampleRate, channels);
    }
    const mixed = channels === sound.planes.length ? sound.planes : toStereo(sound.planes);
    this.#sendPlanes(
      mixed.map((plane, channel) => this.#resamplers[channel]?.push(plane) ?? plane),
    );
  }

  /** All has been pushed. */
  end(): void {
    if (this.#resamplers.length > 0) this.#sendPlanes(this.#resamplers.map((each) => each.end()));
    this.#post({ type: 'end' });
  }

  /** Forgets all that has not sounded; what is pushed next stands at `seconds` of the stream. */
  flush(seconds: number): void {
    this.#waiting = [];
    this.#begin(seconds);
  }

  /** Resolves when more should be pushed. @throws the signal's reason */
  async room(signal: AbortSignal): Promise<void> {
    while (this.buffered > BUFFERED_SECONDS) {
      await new Promise<void>((resolve) => {
        this.#roomMade = resolve;
        signal.addEventListener(
          'abort',
          () => {
            resolve();
          },
          { once: true },
        );
      });
      signal.throwIfAborted();
    }
  }

  #change(streamRate: number, channels: number): void {
    const seconds = this.#from + (this.#format ? this.#sent / this.#format.sampleRate : 0);
    if (this.#format) this.end();
    const change = rateChangeFor(streamRate);
    const isSame = change.up === 1 && change.down === 1;
    this.#resamplers = isSame ? [] : Array.from({ length: channels }, () => new Resampler(change));
    this.#streamRate = streamRate;
    const sampleRate = (streamRate * change.up) / change.down;
    this.#format = { id: (this.#format?.id ?? 0) + 1, sampleRate, channels };
    this.#port = null;
    this.#waiting = [];
    this.#begin(seconds);
    this.#needs(this.#format);
  }

  #begin(seconds: number): void {
    this.#turn += 1;
    this.#sent = 0;
    this.#consumed = 0;
    this.#from = seconds;
    this.#resamplers = this.#resamplers.map(() => new Resampler(rateChangeFor(this.#streamRate)));
    this.#post({ type: 'flush', turn: this.#turn, seconds });
  }

  #sendPlanes(planes: Float32Array<ArrayBuffer>[]): void {
    const frames = planes[0]?.length ?? 0;
    if (frames === 0) return;
    this.#sent += frames;
    this.#post({ type: 'sound', planes });
  }

  #post(message: ToWorklet): void {
    if (this.#port) this.#send(message);
    else this.#waiting.push(message);
  }

  #send(message: ToWorklet): void {
    const transfer = message.type === 'sound' ? message.planes.map(({ buffer }) => buffer) : [];
    this.#port?.postMessage(message, transfer);
  }
}

/** Even channels to the left, odd ones to the right, by their means: these counts have no layout that is agreed on. */
function toStereo(planes: Float32Array[]): Float32Array<ArrayBuffer>[] {
  return [0, 1].map((side) => {
    const own = planes.filter((_, channel) => channel % 2 === side);
    return Float32Array.from(planes[0] ?? [], (_, frame) => {
      return own.reduce((total, plane) => total + (plane[frame] ?? 0), 0) / own.length;
    });
  });
}
