import type { Timings } from '../../electron/contract/run.ts';

/** A stretch of a run, in milliseconds from its start. */
export type Stretch = {
  name: 'upload' | 'model' | 'receive' | 'decode';
  from: number;
  to: number;
};

/** Decoding is told apart only when it took long enough to be seen. */
const SEEN_MS = 20;

/**
 * The stretches of a run, in order. One that broke off reaches to the end, and nothing follows it. None when nothing was
 * connected.
 */
export function stretches({ connected, uploaded, firstByte, received, total }: Timings): Stretch[] {
  if (connected === undefined && uploaded === undefined && firstByte === undefined) return [];
  const marks = [
    { name: 'upload', at: uploaded },
    { name: 'model', at: firstByte },
    { name: 'receive', at: received },
  ] as const;
  const found: Stretch[] = [];
  let from = 0;
  for (const { name, at } of marks) {
    // An answer can begin before the upload is over; no stretch is shorter than nothing.
    const to = Math.max(from, at ?? total);
    found.push({ name, from, to });
    if (at === undefined) return found;
    from = to;
  }
  if (total - from >= SEEN_MS) found.push({ name: 'decode', from, to: total });
  return found;
}
