import type { Again } from '../soundpost-error.ts';

/** How tries follow one another. Times are in milliseconds. */
export type Pace = {
  first: number;
  longest: number;
  /** What a server may ask for; whoever asks for more is not asked again unasked. */
  longestAsked: number;
  /** Between 0 and 1, so that many clients do not all come back at once. */
  random: () => number;
};

/** 1 to 30 s, each wait twice the last, as Baseten's documentation advises. */
export const defaultPace: Pace = {
  first: 1000,
  longest: 30_000,
  longestAsked: 300_000,
  random: Math.random,
};

/** Further tries when the user says nothing. Whoever mistyped a port should not have to wait long to read it. */
export const defaultRetries = { busy: 4, unreachable: 2 } as const;

/** How long to wait after `failed` tries, in milliseconds; null when the server wants to be left alone for longer. */
export function retryWait({ after = 0 }: Again, failed: number, pace: Pace): number | null {
  if (after > pace.longestAsked) return null;
  const backoff = pace.first * 2 ** (failed - 1) * (1 + pace.random() / 2);
  return Math.round(Math.max(after, Math.min(pace.longest, backoff)));
}

/**
 * A `Retry-After` header in milliseconds from `now` (milliseconds since 1970): seconds, or a date (RFC 9110, 10.2.3).
 * Undefined for what is neither.
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Date.parse takes much that is no date of HTTP, a bare `-1` among it.
  const date = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
