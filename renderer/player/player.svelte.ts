import { createContext, untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { Tuning } from './tuning.svelte.ts';
import { Waveforms } from './waveform.ts';

/** A sound that can be played. `size` in bytes. */
export type Track = { url: string; name: string; size: number };

const unplayable = "This sound can't be played here. It can still be sent and saved.";

/** The one player of the page: starting a sound stops the one before it. Each sound keeps its own position. */
export class Player {
  readonly waveforms = new Waveforms();
  readonly tuning = new Tuning();
  #audio: HTMLAudioElement | null = null;
  #offered: Track[] = [];
  #track = $state.raw<Track | null>(null);
  #playing = $state(false);
  #problem = $state<string | null>(null);
  readonly #positions = new SvelteMap<string, number>();

  /** The sound that play and the keys act on. */
  get track(): Track | null {
    return this.#track;
  }

  /** Why the current sound can't be played, in words. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Seconds of the current sound, or null while unknown. */
  get duration(): number | null {
    const track = this.#track;
    return track && this.waveforms.of(track.url, track.size).duration;
  }

  /** Whether play would do anything. */
  get ready(): boolean {
    const track = this.#track;
    return !!track && this.waveforms.of(track.url, track.size).state.phase !== 'undecodable';
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** Where this sound stands, in seconds. */
  positionOf(url: string): number {
    return this.#positions.get(url) ?? 0;
  }

  isPlaying(url: string): boolean {
    return this.#playing && this.#track?.url === url;
  }

  /** Attach to the page's one `<audio>`. */
  readonly attach = (audio: HTMLAudioElement): (() => void) => {
    this.#audio = audio;
    const untune = this.tuning.attach(audio);
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
      this.#fail(unplayable);
    });
    return () => {
      listening.abort();
      untune();
      this.#audio = null;
    };
  };

  /**
   * Says that a sound is there to be played; the answered function takes it back, and stops it. A `primary` one becomes
   * current unless another is sounding.
   */
  offer(track: Track, primary: boolean): () => void {
    return untrack(() => {
      this.#offered.push(track);
      if (!this.#track || (primary && !this.#playing)) this.#choose(track);
      return () => {
        untrack(() => {
          this.#withdraw(track);
        });
      };
    });
  }

  async play(track: Track | null = this.#track): Promise<void> {
    const audio = this.#audio;
    if (!track || !audio) return;
    if (track.url !== this.#track?.url) this.#choose(track);
    this.#problem = null;
    if (audio.getAttribute('src') !== track.url) {
      audio.src = track.url;
      audio.currentTime = this.positionOf(track.url);
    }
    try {
      await audio.play();
    } catch (error) {
      // A newer click took the element over: not a failure of this sound.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      const blocked = error instanceof DOMException && error.name === 'NotAllowedError';
      this.#fail(blocked ? 'The browser held the sound back. Press play once more.' : unplayable);
    }
  }

  pause(): void {
    this.#audio?.pause();
  }

  toggle(track: Track | null = this.#track): void {
    if (track && this.isPlaying(track.url)) this.pause();
    else void this.play(track);
  }

  /** Moves a sound to `seconds`. When nothing sounds, it also becomes the current one. */
  seek(track: Track | null, seconds: number): void {
    if (!track) return;
    const duration = this.waveforms.of(track.url, track.size).duration ?? seconds;
    const position = Math.min(Math.max(0, seconds), Math.max(0, duration));
    this.#positions.set(track.url, position);
    if (track.url !== this.#track?.url && !this.#playing) this.#choose(track);
    const audio = this.#audio;
    if (audio?.getAttribute('src') === track.url) audio.currentTime = position;
  }

  #choose(track: Track): void {
    this.#audio?.pause();
    this.#track = track;
    this.#problem = null;
  }

  #withdraw(track: Track): void {
    this.#offered = this.#offered.filter((offered) => offered !== track);
    if (this.#offered.some(({ url }) => url === track.url)) return;
    this.#positions.delete(track.url);
    if (this.#track?.url !== track.url) return;
    this.#audio?.pause();
    // Without this the browser goes on holding a connection to bytes nobody shows any more.
    this.#audio?.removeAttribute('src');
    this.#audio?.load();
    // Loading anew also takes back the word that it has paused.
    this.#playing = false;
    this.#track = this.#offered.at(-1) ?? null;
    this.#problem = null;
  }

  #fail(words: string): void {
    this.#playing = false;
    this.#problem = words;
  }

  #readPosition(): void {
    const src = this.#audio?.getAttribute('src');
    if (this.#audio && src && src === this.#track?.url) {
      this.#positions.set(src, this.#audio.currentTime);
    }
  }

  #follow(): void {
    requestAnimationFrame(() => {
      this.#readPosition();
      if (this.#playing) this.#follow();
    });
  }
}

/** The page's one player. */
export const [getPlayer, providePlayer] = createContext<Player>();
