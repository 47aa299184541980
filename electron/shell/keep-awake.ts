import { powerSaveBlocker } from 'electron';
import type { InFlight } from '../core/invocation/in-flight.ts';

/** Keeps the computer from sleeping while runs are in flight; its screen may. The system forgets it with this process. */
export function keepAwake(inFlight: InFlight): void {
  let blocker: number | null = null;
  inFlight.listen({
    onChange: ({ count }) => {
      if (count > 0) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
      else if (blocker !== null) {
        powerSaveBlocker.stop(blocker);
        blocker = null;
      }
    },
  });
}
