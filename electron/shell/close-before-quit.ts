import { app } from 'electron';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds. Whoever ends the app does not wait for a disk that hangs; the web host ends everything after 5 s. */
const PATIENCE = 4000;

/**
 * Lets the app go only when `close` is done: a run in flight is then put down as cancelled with what had come, and not found as
 * one that broke off. The windows are gone by then, so nobody begins anything meanwhile.
 */
export function closeBeforeQuit(close: () => Promise<void>, log: (error: unknown) => void): void {
  let stage: 'open' | 'closing' | 'closed' = 'open';
  app.on('will-quit', (event) => {
    if (stage === 'closed') return;
    event.preventDefault();
    if (stage === 'closing') return;
    stage = 'closing';
    void Promise.race([close().catch(log), delay(PATIENCE)]).then(() => {
      stage = 'closed';
      app.quit();
    });
  });
}
