import type { Value } from '../codec/value.ts';
import { Arrivals } from '../invocation/arrivals.ts';
import { EventPicker } from './event-picker.ts';
import { LiveFile } from './live-file.ts';
import type { HeardInEvents, WatchOptions } from './watch.ts';

/** What events carry, as files that grow: one of sound, one of words, each from the moment on when there is some. */
export class EventFollowers {
  readonly #options: WatchOptions;
  readonly #picker = new EventPicker();
  readonly #arrivals = new Arrivals();
  #sound: LiveFile | null = null;
  #words: LiveFile | null = null;
  #isGuess = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Takes one event, all of which had come at `at`, in milliseconds from the run's start. @throws SoundpostError */
  async take(event: Value, at: number): Promise<void> {
    const { sound, words } = this.#picker.pick(event);
    if (words !== undefined) await this.#say(words);
    if (sound) {
      const isFirst = this.#sound === null;
      this.#sound ??= await LiveFile.create(this.#options.folder.liveSoundPath);
      await this.#sound.take(sound);
      this.#arrivals.note(this.#sound.size, at);
      if (isFirst) this.#offerSound();
    }
    // An event behind the first sound may tell its rate.
    if (this.#isGuess && this.#reading?.isGuess === undefined) this.#offerSound();
    if (this.#picker.isSoundOver) await this.#sound?.close();
  }

  async end(): Promise<void> {
    await Promise.allSettled([this.#sound?.close(), this.#words?.close()]);
  }

  /** What was there to be heard; undefined when there was none. */
  get heard(): HeardInEvents | undefined {
    const { soundKey, isOneFile, isExact } = this.#picker;
    if (!this.#sound || soundKey === null) return undefined;
    const { pcm } = this.#reading ?? {};
    const source = this.#sound.bytes;
    return { key: soundKey, isOneFile, isExact, source, arrivals: this.#arrivals, pcm };
  }

  get #reading() {
    return this.#picker.reading(this.#options.said.intent.pcm);
  }

  #offerSound(): void {
    if (!this.#sound) return;
    this.#isGuess = this.#reading?.isGuess === true;
    this.#options.offer('sound', this.#sound.answer, this.#reading);
  }

  async #say(words: string): Promise<void> {
    const isFirst = this.#words === null;
    this.#words ??= await LiveFile.create(this.#options.folder.liveWordsPath);
    await this.#words.take(Buffer.from(words));
    if (isFirst) this.#options.offer('words', this.#words.answer);
  }
}
