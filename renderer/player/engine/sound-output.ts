import type { OutputFormat, ToWorklet } from './engine-messages.ts';
import type { Sound } from './pcm.ts';
import { rateChangeFor, Resampler } from './resample.ts';

/** Above this nothing more is decoded, so that a paused or slow player costs nothing. It outlasts any hiccup of the app. */
const BUFFERED_SECONDS = 10;
/** Layouts that Web Audio knows: mono, stereo, quad, 5.1. */
const KNOWN_LAYOUTS = [1, 2, 4, 6];

/** One shape of sound on its way to a worklet of that shape. `waiting`: for the worklet, until it is there. */
type Leg = { format: OutputFormat; port: MessagePort | null; waiting: ToWorklet[] };

/** Carries sound to the worklet, in the shape that a sound device takes, and knows how much of it has not sounded yet. */
export class SoundOutput {
  readonly #needs: (format: OutputFormat) => void;
  #leg: Leg | null = null;
  /** Those before, which may not have sounded to their ends. */
  #before: Leg[] = [];
  #streamRate = 0;
  #resamplers: Resampler[] = [];
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
    return (this.#sent - this.#consumed) / (this.#leg?.format.sampleRate ?? 1);
  }

  attach(id: number, port: MessagePort): void {
    const leg = [...this.#before, this.#leg].find((each) => each?.format.id === id);
    if (!leg) {
      // Its sound has been flushed: it has nothing to play.
      port.postMessage({ type: 'end' } satisfies ToWorklet);
      return;
    }
    leg.port = port;
    port.onmessage = ({ data }: MessageEvent<{ turn: number; consumed: number }>) => {
      if (leg !== this.#leg || data.turn !== this.#turn) return;
      this.#consumed = data.consumed;
      this.#roomMade();
    };
    for (const message of leg.waiting.splice(0)) send(port, message);
  }

  push(sound: Sound): void {
    const channels = KNOWN_LAYOUTS.includes(sound.planes.length) ? sound.planes.length : 2;
    if (sound.sampleRate !== this.#streamRate || channels !== this.#leg?.format.channels) {
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
    // What is left of earlier shapes ends at once, so that the next sound is not held up by it.
    for (const { port } of this.#before.splice(0)) {
      if (!port) continue;
      send(port, { type: 'flush', turn: this.#turn, seconds });
      send(port, { type: 'end' });
    }
    if (this.#leg) this.#leg.waiting = [];
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
    const last = this.#leg;
    const seconds = this.#from + (last ? this.#sent / last.format.sampleRate : 0);
    if (last) {
      this.end();
      this.#before.push(last);
    }
    const change = rateChangeFor(streamRate);
    const isSame = change.up === 1 && change.down === 1;
    this.#resamplers = isSame ? [] : Array.from({ length: channels }, () => new Resampler(change));
    this.#streamRate = streamRate;
    const sampleRate = (streamRate * change.up) / change.down;
    const format = { id: (last?.format.id ?? 0) + 1, sampleRate, channels };
    this.#leg = { format, port: null, waiting: [] };
    this.#begin(seconds);
    this.#needs(format);
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
    if (this.#leg?.port) send(this.#leg.port, message);
    else this.#leg?.waiting.push(message);
  }
}

function send(port: MessagePort, message: ToWorklet): void {
  const transfer = message.type === 'sound' ? message.planes.map(({ buffer }) => buffer) : [];
  port.postMessage(message, transfer);
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
