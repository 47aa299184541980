import type { Sound } from './pcm.ts';

/** Seconds kept back before the newest sound: enough to begin from at once. */
const TAIL_SECONDS = 0.25;

/**
 * Holds sound back until it reaches a target. As nobody knows beforehand whether the stream reaches that far, the last
 * quarter second is kept, to begin with that where it ends.
 */
export class SeekFilter {
  readonly #pass: (sound: Sound) => void;
  readonly #arrived: (seconds: number) => void;
  #target: number | null;
  #tail: { sound: Sound; at: number }[] = [];

  /** `target` in seconds; `arrived` is told where the sound begins, before `pass` is given it. */
  constructor(target: number, pass: (sound: Sound) => void, arrived: (seconds: number) => void) {
    this.#target = target;
    this.#pass = pass;
    this.#arrived = arrived;
  }

  get isHolding(): boolean {
    return this.#target !== null;
  }

  /** `at`: the sound's first frame, counted from the start of the stream. */
  take(sound: Sound, at: number): void {
    if (this.#target === null) {
      this.#pass(sound);
      return;
    }
    const { planes, sampleRate } = sound;
    const frames = planes[0]?.length ?? 0;
    // Rounded, as a target given in seconds seldom is a whole frame.
    const target = Math.round(this.#target * sampleRate);
    if (at + frames > target) {
      const begin = Math.max(0, target - at);
      this.#start((at + begin) / sampleRate);
      this.#pass({ planes: planes.map((plane) => plane.slice(begin)), sampleRate });
      return;
    }
    this.#tail.push({ sound, at });
    const keepFrom = at + frames - TAIL_SECONDS * sampleRate;
    while (this.#tail[1] && this.#tail[1].at <= keepFrom) this.#tail.shift();
  }

  /** Nothing more is there for now: what was held back last begins. */
  release(): void {
    const [first] = this.#tail;
    if (this.#target === null || !first) return;
    const tail = this.#tail;
    this.#start(first.at / first.sound.sampleRate);
    for (const { sound } of tail) this.#pass(sound);
  }

  #start(seconds: number): void {
    this.#target = null;
    this.#tail = [];
    this.#arrived(seconds);
  }
}
