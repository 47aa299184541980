import { createContext, tick, untrack } from 'svelte';
import { FilePlayback } from './file-playback.svelte.ts';
import type { LiveSound } from './live-sound.svelte.ts';
import { Tuning } from './tuning.svelte.ts';
import { Waveforms } from './waveform.ts';

/**
 * A sound that can be played. `size` in bytes. `of` names what it is a way to hear: a track takes over in place from another
 * of the same. `live`: the same sound while it came, which goes on sounding while it is open.
 */
export type Track = { url: string; name: string; size: number; of: string; live?: LiveSound };

/** Seconds. So near its end a sound has played out, and playing it begins anew. */
const END = 0.06;

/** The one player of the page: starting a sound stops the one before it. Each sound keeps its own position. */
export class Player {
  readonly waveforms = new Waveforms();
  readonly tuning = new Tuning();
  readonly #files = new FilePlayback(this.tuning);
  #offered: Track[] = [];
  #track = $state.raw<Track | null>(null);
  #untuneLive: () => void = () => undefined;

  /** Attach to the page's one `<audio>`. */
  readonly attach = this.#files.attach;

  /** The sound that play and the keys act on. */
  get track(): Track | null {
    return this.#track;
  }

  /** The current sound while it is still the coming one. */
  get live(): LiveSound | null {
    return liveOf(this.#track);
  }

  /** Why the current sound can't be played, in words. */
  get problem(): string | null {
    return this.live ? this.live.problem : this.#files.problem;
  }

  /** Seconds of the current sound, or of what has come of it; null while unknown. */
  get duration(): number | null {
    return this.#track && this.#durationOf(this.#track);
  }

  /** Whether play would do anything. */
  get ready(): boolean {
    const track = this.#track;
    if (!track) return false;
    if (this.live) return this.live.problem === null;
    return this.waveforms.of(track.url, track.size).state.phase !== 'undecodable';
  }

  get playing(): boolean {
    return this.live ? this.live.playing : this.#files.playing;
  }

  /** Where this sound stands, in seconds. */
  positionOf(track: Track): number {
    return liveOf(track)?.position ?? this.#files.positionOf(track.url);
  }

  isPlaying(track: Track): boolean {
    return this.#track?.url === track.url && this.playing;
  }

  /**
   * Says that a sound is there to be played; the answered function takes it back, and stops it unless another way to hear
   * the same is there by then. A `primary` one becomes current unless another is sounding.
   */
  offer(track: Track, primary: boolean): () => void {
    return untrack(() => {
      this.#offered.push(track);
      const current = this.#track;
      if (current?.of === track.of) this.#takeOver(current, track);
      else if (!current || (primary && !this.playing)) this.#choose(track);
      if (isFinished(track)) {
        liveOf(track)?.whenAtRest(() => {
          this.#handOver(track);
        });
      }
      return () => {
        this.#offered = this.#offered.filter((offered) => offered !== track);
        void tick().then(() => {
          this.#withdraw(track);
        });
      };
    });
  }

  async play(track: Track | null = this.#track): Promise<void> {
    if (!track) return;
    if (track.url !== this.#track?.url) this.#choose(track);
    const live = liveOf(track);
    if (live) {
      this.#playLive(live);
      return;
    }
    const duration = this.#durationOf(track);
    const hasPlayedOut = duration !== null && this.positionOf(track) > duration - END;
    if (hasPlayedOut && !this.playing) this.#files.moveTo(track.url, 0);
    await this.#files.play(track.url);
  }

  pause(): void {
    this.live?.pause();
    this.#files.pause();
  }

  toggle(track: Track | null = this.#track): void {
    if (track && this.isPlaying(track)) this.pause();
    else void this.play(track);
  }

  /** Moves a sound to `seconds`. When nothing sounds, it also becomes the current one. */
  seek(track: Track | null, seconds: number): void {
    if (!track) return;
    const live = liveOf(track);
    if (live && !isFinished(track)) {
      live.seek(seconds);
      return;
    }
    const wasPlaying = this.isPlaying(track);
    if (live) this.#handOver(track);
    const duration = this.#durationOf(track) ?? seconds;
    this.#files.moveTo(track.url, Math.min(Math.max(0, seconds), Math.max(0, duration)));
    if (track.url !== this.#track?.url && !this.playing) this.#choose(track);
    if (wasPlaying && !this.playing) void this.play(track);
  }

  /** Sets the speed. Sound that has all come, and is still heard as it came, goes on as the finished one, which can. */
  setRate(rate: number): void {
    this.tuning.rate = rate;
    const track = this.#track;
    if (track && this.live && isFinished(track)) this.seek(track, this.positionOf(track));
  }

  #durationOf(track: Track): number | null {
    const { live, url, size } = track;
    const heard = live?.hasPlayedOut ? live.duration : null;
    return liveOf(track)?.duration ?? this.waveforms.of(url, size).duration ?? heard;
  }

  #playLive(live: LiveSound): void {
    this.#untuneLive();
    this.#untuneLive = this.tuning.attach(live);
    try {
      live.play();
    } catch {
      this.#files.fail();
    }
  }

  #choose(track: Track): void {
    this.pause();
    this.#track = track;
  }

  /** Another way to hear what is heard now: it goes on at the same second. */
  #takeOver(before: Track, track: Track): void {
    if (before.url === track.url) return;
    const wasPlaying = this.#files.playing;
    const position = this.positionOf(before);
    this.#track = track;
    if (liveOf(track)) return;
    this.#files.moveTo(track.url, position);
    if (wasPlaying) void this.play(track);
  }

  /** The finished sound takes the place of the live one, where that stands. */
  #handOver(track: Track): void {
    const live = liveOf(track);
    if (!live) return;
    const beginsAnew = live.hasPlayedOut && this.tuning.loops;
    this.#files.moveTo(track.url, beginsAnew ? 0 : live.position);
    live.close();
    if (this.#track?.live !== live) return;
    this.#track = track;
    if (beginsAnew) void this.play();
  }

  #withdraw(track: Track): void {
    if (this.#offered.some(({ url }) => url === track.url)) return;
    this.#files.forget(track.url);
    if (this.#track?.of !== track.of || this.#offered.some(({ of }) => of === track.of)) return;
    this.pause();
    this.#files.release();
    this.#track = this.#offered.at(-1) ?? null;
  }
}

/** A track's live sound while that is what sounds. */
const liveOf = (track: Track | null): LiveSound | null => (track?.live?.isOpen ? track.live : null);

/** Whether the sound has all come, so that there is more to it than the live one. */
const isFinished = ({ url, live }: Track): boolean => url !== live?.url;

/** The page's one player. */
export const [getPlayer, providePlayer] = createContext<Player>();
