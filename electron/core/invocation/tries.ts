import { setTimeout as delay } from 'node:timers/promises';
import { SoundpostError } from '../soundpost-error.ts';
import { defaultRetries, retryWait, type Pace } from '../transport/retry.ts';
import type { RunState } from './run-state.ts';

/**
 * Does `work`, and again while its failure says that this is safe, until it works, the tries are used up or the signal is
 * aborted. Throws the last failure, or the signal's reason.
 */
export async function tryAndTryAgain(
  state: RunState,
  signal: AbortSignal,
  pace: Pace,
  work: () => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      const again = error instanceof SoundpostError ? error.again : undefined;
      if (!again) throw error;
      const { intent, usual } = state.run;
      const most = 1 + (intent.retries ?? usual?.retries ?? defaultRetries[again.why]);
      const wait = attempt < most ? retryWait(again, attempt, pace) : null;
      if (wait === null) throw error;
      state.pause({ at: Date.now() + wait, attempt: attempt + 1, of: most, why: again.why });
      await delay(wait, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
    await state.again();
  }
}
