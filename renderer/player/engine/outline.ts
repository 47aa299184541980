import { PeaksBuilder, type Peaks } from '../peaks.ts';
import type { Sound } from './pcm.ts';

/** The outline of a stream: each frame is counted once, also when it is decoded again after going back. */
export class Outline {
  readonly #builder = new PeaksBuilder();
  #interleaved = new Float32Array(0);
  #sampleRate = 0;
  #hasGrown = false;

  /** Seconds of the stream that have been decoded. */
  get seconds(): number {
    return this.#sampleRate === 0 ? 0 : this.#builder.frames / this.#sampleRate;
  }

  /** Takes sound that begins at frame `at` of the stream. */
  add({ planes, sampleRate }: Sound, at: number): void {
    this.#sampleRate ||= sampleRate;
    const known = Math.max(0, this.#builder.frames - at);
    const length = planes[0]?.length ?? 0;
    if (known >= length) return;
    this.#hasGrown = true;
    const frames = length - known;
    const channels = planes.length;
    if (this.#interleaved.length < frames * channels) {
      this.#interleaved = new Float32Array(frames * channels);
    }
    for (const [channel, plane] of planes.entries()) {
      for (let frame = 0; frame < frames; frame += 1) {
        this.#interleaved[frame * channels + channel] = plane[known + frame] ?? 0;
      }
    }
    this.#builder.add(this.#interleaved, frames, channels);
  }

  /** The outline, when it has grown since this was asked last. */
  news(): Peaks | null {
    if (!this.#hasGrown) return null;
    this.#hasGrown = false;
    return this.#builder.snapshot();
  }
}
