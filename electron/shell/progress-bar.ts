import type { Flight } from '../core/invocation/in-flight.ts';

/** What the dock or taskbar shows: below 0 nothing, to 1 how far, above 1 that it goes on. Windows takes the mode as well. */
export type Bar = { value: number; mode: 'none' | 'normal' | 'indeterminate' | 'error' };

const none: Bar = { value: -1, mode: 'none' };

/** The bar for the runs in flight, or for one that failed unseen. */
export function barFor(flight: Flight, failedUnseen: boolean, platform: NodeJS.Platform): Bar {
  if (flight.count > 0) {
    if (flight.fraction !== null) return { value: flight.fraction, mode: 'normal' };
    // Docks on Linux know no bar without an end, and a full or empty one would be a lie.
    return platform === 'linux' ? none : { value: 2, mode: 'indeterminate' };
  }
  // Only Windows shows a failure as such; elsewhere it would look like a run that is done.
  return failedUnseen && platform === 'win32' ? { value: 1, mode: 'error' } : none;
}
