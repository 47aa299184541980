import type { Place } from './stream-decoder.ts';

/** Sixteen bytes a second: 1.4 MB for a day of sound. */
const SECONDS_BETWEEN = 1;

/** Places to come back to, at most one a second. */
export class SeekIndex {
  readonly #places: Place[] = [];

  /** Takes note of a place unless one is near it, or later. */
  add(place: Place): void {
    const last = this.#places.at(-1);
    if (!last || place.seconds >= last.seconds + SECONDS_BETWEEN) this.#places.push(place);
  }

  /** The last place at or before `seconds`; the start of the stream when there is none. */
  before(seconds: number): Place {
    return (
      this.#places.findLast((place) => place.seconds <= seconds && place.seconds > 0) ?? {
        byte: 0,
        seconds: 0,
      }
    );
  }
}
