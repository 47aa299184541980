import type { Pcm } from '../../contract/intent.ts';
import { soundOf } from '../audio/kind.ts';
import { decodeBase64 } from '../codec/base64.ts';
import type { Value } from '../codec/value.ts';
import { eachText, keyOf, saidRate, type Place } from '../invocation/event-values.ts';
import { USUAL_PCM } from '../invocation/headerless.ts';
import { beginsAsSound, mayBeWords } from '../invocation/joined-events.ts';
import { JoinedFiles } from './joined-files.ts';
import { JoinedWords } from './joined-words.ts';

/** More kinds of texts than any model sends; those beyond are not listened to. */
const MOST_PLACES = 1000;
/** Of a place's type and path, in UTF-16 units; longer ones are a stranger's way to fill the memory. */
const LONGEST_KEY = 1000;
/** Of a place's first text, which is shown with its second. UTF-16 units. */
const LONGEST_WORDS = 10_000;

/** What an event adds to what can be followed. */
export type Picked = { sound?: Uint8Array; words?: string };

/**
 * Picks sound and words out of events as they come, by the rules of `joinSound` and `joinText`: of sound the first place
 * that holds some, of words the first that brings a second text, and keeps to them. Holds no more than one event.
 */
export class EventPicker {
  /** Where the sound comes from; null until there is some. */
  soundKey: string | null = null;
  #files = new JoinedFiles();
  /** No more sound will be picked. */
  isSoundOver = false;
  #wordsKey: string | null = null;
  #words = new JoinedWords();
  /** The first text of each place, when it may be words; empty texts are none yet for sound. */
  readonly #first = new Map<string, string | null>();
  readonly #heard = new Set<string>();
  #saidRate: number | null = null;

  /** What one event, as `named` gives it, adds. */
  pick(event: Value): Picked {
    this.#saidRate ??= saidRate(event);
    const sound: Uint8Array[] = [];
    const words: string[] = [];
    eachText([event], (text, place) => {
      const key = keyOf(place);
      if (key.length > LONGEST_KEY) return;
      if (this.#isSound(key, place, text)) {
        const bytes = this.#soundIn(text);
        if (bytes) sound.push(bytes);
      } else {
        words.push(this.#wordsIn(key, place, text));
      }
    });
    const said = words.join('');
    return {
      ...(sound.length > 0 ? { sound: Buffer.concat(sound) } : {}),
      ...(said === '' ? {} : { words: said }),
    };
  }

  /** How headerless sound is to be read; undefined when its bytes tell a format. */
  reading(pcm: Pcm | undefined): { pcm: Pcm; isGuess?: true } | undefined {
    if (!this.#files.isHeaderless) return undefined;
    if (pcm) return { pcm };
    if (this.#saidRate === null) return { pcm: USUAL_PCM, isGuess: true };
    return { pcm: { ...USUAL_PCM, sampleRate: this.#saidRate } };
  }

  /** Whether all that was picked as sound is one file, which then is one part. */
  get isOneFile(): boolean {
    return this.#files.count === 1;
  }

  /** Whether that file is the pieces exactly as they came. */
  get isExact(): boolean {
    return this.#files.isExact;
  }

  #isSound(key: string, place: Place, text: string): boolean {
    if (key === this.soundKey) return true;
    if (this.soundKey !== null || text === '' || this.#heard.has(key)) return false;
    if (this.#heard.size < MOST_PLACES) this.#heard.add(key);
    else return false;
    if (!beginsAsSound(text, place) || decodeBase64(text, 0) === null) return false;
    this.soundKey = key;
    return true;
  }

  #soundIn(text: string): Uint8Array | null {
    if (this.isSoundOver || text === '') return null;
    const bytes = decodeBase64(text, 0);
    const next = bytes && this.#files.add(bytes, soundOf(bytes)?.format);
    // What is no base64 after all, or can't go on in the same file, ends what is heard.
    this.isSoundOver = next === null;
    return next;
  }

  #wordsIn(key: string, place: Place, text: string): string {
    if (key === this.#wordsKey) return this.#words.add(text);
    if (this.#wordsKey !== null || !mayBeWords(place.path)) return '';
    const first = this.#first.get(key);
    if (first === undefined) {
      if (this.#first.size < MOST_PLACES) {
        // Sound of a second place is no words either.
        const isWords = text.length <= LONGEST_WORDS && !beginsAsSound(text, place);
        this.#first.set(key, isWords ? text : null);
      }
      return '';
    }
    if (first === null) return '';
    this.#wordsKey = key;
    this.#first.clear();
    return this.#words.begin(first, text);
  }
}
