const FIRST_VOLUME = 0.6;

/** What is tuned: the page's `<audio>`, or a sound that is still coming. */
export type Tunable = { tune: (tuning: Tuning) => void };

/** How loud and how fast the page plays, whatever it plays. */
export class Tuning {
  #tuned: Tunable[] = [];
  #volume = $state(FIRST_VOLUME);
  #muted = $state(false);
  #rate = $state(1);
  #loops = $state(false);

  /** Tunes it now and with each change, until the answered function is called. */
  attach(tunable: Tunable): () => void {
    this.#tuned.push(tunable);
    tunable.tune(this);
    return () => {
      this.#tuned = this.#tuned.filter((other) => other !== tunable);
    };
  }

  /** Between 0 and 1. Setting it unmutes. */
  get volume(): number {
    return this.#volume;
  }

  set volume(value: number) {
    this.#volume = Math.min(1, Math.max(0, value));
    this.#muted = false;
    this.#apply();
  }

  get muted(): boolean {
    return this.#muted;
  }

  set muted(value: boolean) {
    this.#muted = value;
    this.#apply();
  }

  /** Speed, pitch kept: 1 is as recorded. */
  get rate(): number {
    return this.#rate;
  }

  set rate(value: number) {
    this.#rate = value;
    this.#apply();
  }

  /** Whether a sound that has played out begins anew. */
  get loops(): boolean {
    return this.#loops;
  }

  set loops(value: boolean) {
    this.#loops = value;
    this.#apply();
  }

  #apply(): void {
    for (const tunable of this.#tuned) tunable.tune(this);
  }
}

/** An `<audio>` as something that can be tuned. */
export function tunableAudio(audio: HTMLAudioElement): Tunable {
  return {
    tune: ({ volume, muted, rate, loops }) => {
      audio.volume = volume;
      audio.muted = muted;
      audio.loop = loops;
      audio.preservesPitch = true;
      // Loading another sound sets the rate back to the default one.
      audio.defaultPlaybackRate = rate;
      audio.playbackRate = rate;
    },
  };
}
