import type { Segment } from './transcript.ts';

/** Answers which line is being said at a second, by its place; -1 when none is. Models may send lines out of order. */
export function lineFinder(segments: readonly Segment[]): (seconds: number) => number {
  const order = segments
    .map(({ start, end }, place) => ({ start, end, place }))
    .sort((one, other) => one.start - other.start);
  return (seconds) => {
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((order[middle]?.start ?? Infinity) <= seconds) low = middle + 1;
      else high = middle;
    }
    const line = order[low - 1];
    if (!line || (line.end !== null && line.end > line.start && seconds >= line.end)) return -1;
    return line.place;
  };
}
