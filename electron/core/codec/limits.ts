/** A message may hold at most this many values: a few megabytes could claim gigabytes of memory otherwise. */
export const MOST_VALUES = 500_000;

/** Deeper than any real message, shallow enough for the stack of whoever walks the value. */
export const DEEPEST = 200;
