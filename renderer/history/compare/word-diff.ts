import { diffWordsWithSpace } from 'diff';

/** A stretch of a text: in both, or in this one alone. */
export type Stretch = { text: string; isOwn: boolean };

/** Beyond this much of a difference, and of time in milliseconds, two texts have nothing in common worth seeing. */
const MOST_EDITS = 4000;
const PATIENCE = 300;
const LONGEST = 200_000;

/** Two texts cut where they differ, by whole words; each in one piece when that would take too long. */
export function wordDiff(a: string, b: string): { a: Stretch[]; b: Stretch[] } {
  const changes =
    a.length + b.length > LONGEST
      ? undefined
      : diffWordsWithSpace(a, b, { maxEditLength: MOST_EDITS, timeout: PATIENCE });
  if (!changes) return { a: [{ text: a, isOwn: true }], b: [{ text: b, isOwn: true }] };
  return {
    a: changes
      .filter(({ added }) => !added)
      .map(({ value, removed }) => ({ text: value, isOwn: removed })),
    b: changes
      .filter(({ removed }) => !removed)
      .map(({ value, added }) => ({ text: value, isOwn: added })),
  };
}
