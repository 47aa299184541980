import type { Sound } from './pcm.ts';

/**
 * Numbers a decoder's frames from the start of the stream and leaves out those that are no part of it: what an encoder put
 * before `begin` and behind `limit`, both in seconds.
 */
export class Trim {
  begin = 0;
  limit = Infinity;
  readonly #listener: (sound: Sound, at: number) => void;
  #from = 0;
  #at: number | null = null;
  #reached = 0;

  constructor(listener: (sound: Sound, at: number) => void) {
    this.#listener = listener;
  }

  /** Seconds at which the last frame that was let through ends. */
  get reached(): number {
    return this.#reached;
  }

  /** The next frame will stand at `seconds`, which lies before `begin` while it is an encoder's delay. */
  restart(seconds: number): void {
    this.#from = seconds;
    this.#at = null;
    this.#reached = Math.max(this.begin, seconds);
  }

  pass({ planes, sampleRate }: Sound): void {
    const at = this.#at ?? Math.round(this.#from * sampleRate);
    const frames = planes[0]?.length ?? 0;
    this.#at = at + frames;
    const begin = Math.max(0, Math.round(this.begin * sampleRate) - at);
    const end = Math.min(frames, Math.round(this.limit * sampleRate) - at);
    if (end <= begin) return;
    this.#reached = (at + end) / sampleRate;
    const kept = begin === 0 && end === frames ? planes : planes.map((p) => p.slice(begin, end));
    this.#listener({ planes: kept, sampleRate }, at + begin);
  }
}
