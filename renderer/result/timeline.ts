import type { RunOutcome, StreamFacts, Timings } from '../../electron/contract/run.ts';
import { formatTime, formatTook, plural } from '../parts/format.ts';
import type { HeardAfter } from '../player/live-sound.svelte.ts';

/** A stretch of a run, in milliseconds from its start. */
export type Stretch = {
  name: 'wait' | 'upload' | 'model' | 'receive' | 'decode';
  from: number;
  to: number;
};

/** Decoding is told apart only when it took long enough to be seen. */
const SEEN_MS = 20;

/**
 * The stretches of a run, in order: those of its last try, with the wait before it, and the one that it ended in. One that
 * broke off reaches to the end, and nothing follows it. None when nothing was connected.
 */
export function stretches(timings: Timings): Stretch[] {
  const { lastTry = 0, paused, total } = timings;
  const before: Stretch[] = lastTry > 0 ? [{ name: 'wait', from: 0, to: lastTry }] : [];
  const after: Stretch[] =
    paused === undefined ? [] : [{ name: 'wait', from: paused, to: Math.max(paused, total) }];
  return [...before, ...stretchesOfTry(timings, lastTry, paused ?? total), ...after];
}

function stretchesOfTry(
  { connected, uploaded, firstByte, received }: Timings,
  begin: number,
  total: number,
): Stretch[] {
  if (connected === undefined && uploaded === undefined && firstByte === undefined) return [];
  const marks = [
    { name: 'upload', at: uploaded },
    { name: 'model', at: firstByte },
    { name: 'receive', at: received },
  ] as const;
  const found: Stretch[] = [];
  let from = begin;
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

/** How long a run waited for another try, in words; null when it did not. */
export function waitedWords(all: readonly Stretch[], attempts = 1): string | null {
  const waits = all.filter(({ name }) => name === 'wait');
  if (waits.length === 0) return null;
  const waited = waits.reduce((sum, { from, to }) => sum + to - from, 0);
  return `waited ${formatTook(waited)} over ${attempts} ${attempts === 1 ? 'try' : 'tries'}`;
}

/** Something that happened, in milliseconds from the run's start. */
export type Mark = { what: string; at: number };

/** What happened in a run, in order of time. */
export function marksOf(
  { timings, stream }: Pick<RunOutcome, 'timings' | 'stream'>,
  { firstSound, firstAudible }: HeardAfter,
): Mark[] {
  const marks = [
    { what: 'Last try began', at: timings.lastTry },
    { what: 'Pause before another try', at: timings.paused },
    { what: 'Connected', at: timings.connected },
    { what: 'Request sent', at: timings.uploaded },
    { what: 'First byte of the answer', at: timings.firstByte },
    { what: 'First sound had come', at: stream?.firstAudio },
    { what: 'First audible sound had come', at: stream?.firstAudible },
    { what: 'First sound played', at: firstSound },
    { what: 'First audible sound played', at: firstAudible },
    { what: 'Answer received', at: timings.received },
    { what: 'Ended', at: timings.total },
  ];
  return marks
    .filter((mark): mark is Mark => mark.at !== undefined)
    .sort((one, other) => one.at - other.at);
}

/** How a stream came, as names and values to compare with those of another run. */
export function streamRows({
  pieces,
  gapP50,
  gapP95,
  soundSeconds,
  realTimeFactor,
}: StreamFacts): { what: string; value: string }[] {
  const rows = [];
  if (soundSeconds !== undefined) rows.push({ what: 'Sound', value: formatTime(soundSeconds) });
  if (realTimeFactor !== undefined)
    rows.push({ what: 'Real-time factor', value: realTimeFactor.toFixed(2) });
  if (pieces !== undefined) rows.push({ what: 'Came in', value: plural(pieces, 'piece') });
  if (gapP50 !== undefined && gapP95 !== undefined) {
    rows.push({
      what: 'Between two pieces',
      value: `${formatTook(gapP50)}, 95 % under ${formatTook(gapP95)}`,
    });
  }
  return rows;
}
