import type { Pcm } from '../../electron/contract/intent.ts';
import { isSameReading } from '../parts/pcm-words.ts';
import type { Outline } from './peaks-messages.ts';
import type { FailReason } from './engine/engine-messages.ts';
import type { EngineSpare } from './engine/engine-spare.ts';
import { LivePlayer, type LiveSnapshot } from './engine/live-player.ts';

/** Seconds that the growing waveform has room for at first; then twice as many, and so on, so that it stands still between. */
const FIRST_ROOM = 10;
/** Behind the newest sound by more than this many seconds, one can go back to it. */
const BEHIND = 2;

const failures: Record<FailReason, string> = {
  gone: 'The stream can’t be read here any more. What came is kept.',
  unreachable: 'The window lost touch with the rest of Soundpost. What came is kept.',
  damaged: 'The stream can’t be decoded while it comes. What came is kept.',
  'no-sound': 'The stream ended without any sound.',
  'no-device': 'No sound device can be opened on this computer.',
};

/** How loud it is to be. `volume` from 0 to 1. */
type Loudness = { volume: number; muted: boolean };

type Options = {
  url: string;
  pcm?: Pcm | undefined;
  runStartedAt: number;
  spare: EngineSpare | null;
};

/** Milliseconds from the run's start to what reached the ear; absent until it has. */
export type HeardAfter = { firstSound?: number; firstAudible?: number };

/**
 * The sound of a running answer, heard while it comes. It goes on when the run has ended, until it has played out or the
 * finished sound takes its place.
 */
export class LiveSound {
  /** Whether the user is looking for another way to read it: what shows it now, and what shows it then, both ask. */
  isQuestioned = $state(false);
  /** Where it is pulled from; no finished sound has this URL. */
  readonly url: string;
  readonly #engine: LivePlayer;
  readonly #runStartedAt: number;
  #snapshot = $state.raw<LiveSnapshot>();
  #reading = $state.raw<Pcm | null>(null);
  /** What main said of it last; the user's own choice is not overruled. */
  #told: Pcm | null;
  #isStarted = $state(false);
  #isOpen = $state(true);
  #rested: (() => void) | null = null;

  /** `runStartedAt` in epoch milliseconds: what all times are counted from. */
  constructor({ url, pcm, runStartedAt, spare }: Options) {
    this.url = url;
    this.#runStartedAt = runStartedAt;
    this.#told = pcm ?? null;
    this.#reading = this.#told;
    this.#engine = new LivePlayer({
      url,
      ...(spare ? { spare } : {}),
      ...(pcm ? { pcm } : {}),
      tell: (snapshot) => {
        this.#snapshot = snapshot;
        this.#checkRest();
      },
    });
    this.#snapshot = this.#engine.snapshot;
  }

  get snapshot(): LiveSnapshot {
    return this.#snapshot ?? this.#engine.snapshot;
  }

  /** Whether it is this that sounds, and not yet the finished sound in its place. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How bytes are read that tell no format themselves. */
  get reading(): Pcm | null {
    return this.#reading;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** What it is, as far as is known: "MP3", "PCM". */
  get label(): string {
    // The usual one is not worth a word.
    return this.snapshot.format?.label.replace(' s16le', '') ?? '';
  }

  get playing(): boolean {
    if (!this.#isStarted) return false;
    return ['opening', 'filling', 'playing', 'stalled'].includes(this.snapshot.state.phase);
  }

  get hasPlayedOut(): boolean {
    return this.snapshot.state.phase === 'ended';
  }

  /** Seconds */
  get position(): number {
    return this.snapshot.playedSeconds;
  }

  /** Seconds that have come so far. */
  get duration(): number {
    return this.snapshot.decodedSeconds;
  }

  /** Why it can't be heard, in words; null when it can. */
  get problem(): string | null {
    const { state } = this.snapshot;
    if (state.phase === 'undecidable') return 'These bytes don’t say what sound they are.';
    return state.phase === 'failed' ? failures[state.reason] : null;
  }

  get isBehind(): boolean {
    return !this.snapshot.isComplete && this.duration - this.position > BEHIND;
  }

  /** The waveform so far, with room for what is to come. */
  get outline(): Outline | null {
    const { peaks, format, decodedSeconds, isComplete } = this.snapshot;
    if (!peaks || !format) return null;
    const { sampleRate, channels } = format;
    const frames = Math.round(decodedSeconds * sampleRate);
    if (isComplete)
      return { peaks, frames, sampleRate, channels, duration: decodedSeconds, complete: true };
    let room = FIRST_ROOM;
    while (room < decodedSeconds) room *= 2;
    return { peaks, frames, sampleRate, channels, duration: room, complete: false };
  }

  get heardAfter(): HeardAfter {
    const { firstSoundAt, firstAudible, outputLatencyMs } = this.snapshot.timings;
    const after = (at: number): number => at - this.#runStartedAt + (outputLatencyMs ?? 0);
    return {
      ...(firstSoundAt === null ? {} : { firstSound: after(firstSoundAt) }),
      ...(firstAudible === null ? {} : { firstAudible: after(firstAudible.at) }),
    };
  }

  /** Begins, or goes on where it was paused. @throws when the page's CSP forbids the engine's worker */
  play(): void {
    if (this.#isStarted) {
      void this.#engine.resume();
      return;
    }
    this.#isStarted = true;
    this.#engine.start();
  }

  pause(): void {
    void this.#engine.pause();
  }

  /** Goes on at `seconds`, or at the newest sound where less has come. */
  seek(seconds: number): void {
    this.#engine.seek(seconds);
  }

  toLive(): void {
    this.#engine.toLive();
  }

  /** Main knows better by now how the bytes are to be read, as when a later event tells the rate. */
  learn(pcm: Pcm): void {
    if (isSameReading(pcm, this.#told)) return;
    const isOwnChoice = !isSameReading(this.#reading, this.#told);
    this.#told = pcm;
    if (!isOwnChoice) this.readAs(pcm);
  }

  /** Reads the same bytes otherwise, from now on, at the same second. */
  readAs(pcm: Pcm): void {
    this.#reading = pcm;
    this.#engine.reinterpret(pcm);
  }

  tune({ volume, muted }: Loudness): void {
    this.#engine.setVolume(volume);
    this.#engine.setMuted(muted);
  }

  /** Calls back once it neither sounds nor is about to: paused, played out, or not to be played. The last caller counts. */
  whenAtRest(callback: () => void): void {
    this.#rested = callback;
    this.#checkRest();
  }

  close(): void {
    this.#isOpen = false;
    this.#rested = null;
    void this.#engine.close();
  }

  #checkRest(): void {
    if (!this.#rested || this.playing) return;
    const rested = this.#rested;
    this.#rested = null;
    rested();
  }
}
