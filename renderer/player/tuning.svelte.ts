import { untrack } from 'svelte';

const FIRST_VOLUME = 0.6;

/** How loud and how fast the page's `<audio>` plays, whatever it plays. */
export class Tuning {
  #audio: HTMLAudioElement | null = null;
  #volume = $state(FIRST_VOLUME);
  #muted = $state(false);
  #rate = $state(1);

  attach(audio: HTMLAudioElement): () => void {
    this.#audio = audio;
    untrack(() => {
      this.#apply();
    });
    return () => {
      this.#audio = null;
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

  #apply(): void {
    const audio = this.#audio;
    if (!audio) return;
    audio.volume = this.#volume;
    audio.muted = this.#muted;
    audio.preservesPitch = true;
    // Loading another sound sets the rate back to the default one.
    audio.defaultPlaybackRate = this.#rate;
    audio.playbackRate = this.#rate;
  }
}
