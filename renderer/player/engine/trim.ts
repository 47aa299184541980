import type { Sound } from './pcm.ts';

/**
 * Numbers a decoder's frames from the start of the stream and leaves out those that are no part of it: what an encoder put
 * before 0 and behind `limit`.
 */
export class Trim {
  /** Seconds; what comes later is left out. */
  limit = Infinity;
  readonly #listener: (sound: Sound, at: number) => void;
  #from = 0;
  #at: number | null = null;

  constructor(listener: (sound: Sound, at: number) => void) {
    this.#listener = listener;
  }

  /** The next frame will stand at `seconds`, which is negative while it is an encoder's delay. */
  restart(seconds: number): void {
    this.#from = seconds;
    this.#at = null;
  }

  pass({ planes, sampleRate }: Sound): void {
    const at = this.#at ?? Math.round(this.#from * sampleRate);
    const frames = planes[0]?.length ?? 0;
    this.#at = at + frames;
    const begin = Math.max(0, -at);
    const end = Math.min(frames, Math.round(this.limit * sampleRate) - at);
    if (end <= begin) return;
    const kept = begin === 0 && end === frames ? planes : planes.map((p) => p.slice(begin, end));
    this.#listener({ planes: kept, sampleRate }, at + begin);
  }
}
