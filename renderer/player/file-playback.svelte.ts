import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { tunableAudio, type Tuning } from './tuning.svelte.ts';

const unplayable = "This sound can't be played here. It can still be sent and saved.";

/** Plays finished sounds by their URLs, one at a time, with the page's one `<audio>`. Each keeps its own position. */
export class FilePlayback {
  readonly #tuning: Tuning;
  #audio: HTMLAudioElement | null = null;
  #url: string | null = null;
  #playing = $state(false);
  #problem = $state<string | null>(null);
  readonly #positions = new SvelteMap<string, number>();

  constructor(tuning: Tuning) {
    this.#tuning = tuning;
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** Why the last sound can't be played, in words. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Where this sound stands, in seconds. */
  positionOf(url: string): number {
    return this.#positions.get(url) ?? 0;
  }

  /** Attach to the page's one `<audio>`. */
  readonly attach = (audio: HTMLAudioElement): (() => void) => {
    this.#audio = audio;
    const untune = untrack(() => this.#tuning.attach(tunableAudio(audio)));
    const listening = new AbortController();
    const on = (type: string, listener: () => void): void => {
      audio.addEventListener(type, listener, { signal: listening.signal });
    };
    on('play', () => {
      this.#playing = true;
      this.#follow();
    });
    on('pause', () => {
      this.#playing = false;
    });
    on('ended', () => {
      this.#playing = false;
    });
    on('seeked', () => {
      this.#readPosition();
    });
    on('error', () => {
      this.fail();
    });
    return () => {
      listening.abort();
      untune();
      this.#audio = null;
    };
  };

  async play(url: string): Promise<void> {
    const audio = this.#audio;
    if (!audio) return;
    this.#problem = null;
    this.#url = url;
    if (audio.getAttribute('src') !== url) {
      audio.src = url;
      audio.currentTime = this.positionOf(url);
    }
    try {
      await audio.play();
    } catch (error) {
      // A newer click took the element over: not a failure of this sound.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      const blocked = error instanceof DOMException && error.name === 'NotAllowedError';
      this.fail(blocked ? 'The browser held the sound back. Press play once more.' : unplayable);
    }
  }

  pause(): void {
    this.#audio?.pause();
    this.#problem = null;
  }

  /** Moves a sound to `seconds`, also while another one plays. */
  moveTo(url: string, seconds: number): void {
    this.#positions.set(url, seconds);
    if (this.#audio?.getAttribute('src') === url) this.#audio.currentTime = seconds;
  }

  forget(url: string): void {
    this.#positions.delete(url);
  }

  /** Lets go of the sound. Without this the browser goes on holding a connection to bytes nobody shows any more. */
  release(): void {
    this.pause();
    this.#audio?.removeAttribute('src');
    this.#audio?.load();
    // Loading anew also takes back the word that it has paused.
    this.#playing = false;
  }

  fail(words = unplayable): void {
    this.#playing = false;
    this.#problem = words;
  }

  #readPosition(): void {
    const src = this.#audio?.getAttribute('src');
    if (this.#audio && src && src === this.#url) this.#positions.set(src, this.#audio.currentTime);
  }

  #follow(): void {
    requestAnimationFrame(() => {
      this.#readPosition();
      if (this.#playing) this.#follow();
    });
  }
}
