import { app, powerMonitor, type BrowserWindow } from 'electron';
import type { InFlight } from '../core/invocation/in-flight.ts';

type Options = {
  inFlight: InFlight;
  /** Asks whether so many runs are to be cancelled. */
  ask: (count: number) => Promise<boolean>;
  log: (error: unknown) => void;
};

/**
 * Closing the one window ends the app, on every system, and with it the runs in flight: so it is asked first. Quitting closes
 * the window too. Nobody is asked when the session ends or a signal comes: who would answer is not there, and a question would
 * hold up the computer's end.
 */
export class CloseQuestion {
  readonly #options: Options;
  /** The answer was yes, or nobody is to be asked. */
  #mayClose = false;
  #isAsking = false;

  constructor(options: Options) {
    this.#options = options;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, this.#end);
    }
  }

  /** Call once the app is ready. */
  guard(window: BrowserWindow): void {
    window.on('close', (event) => {
      const { count } = this.#options.inFlight.now;
      if (this.#mayClose || count === 0) return;
      event.preventDefault();
      if (this.#isAsking) return;
      this.#isAsking = true;
      this.#askFor(count, window)
        .catch(this.#options.log)
        .finally(() => {
          this.#isAsking = false;
        });
    });
    // Windows tells the window of it, the others the power monitor.
    window.on('session-end', this.#end);
    powerMonitor.on('shutdown', (event?: { preventDefault?: () => void }) => {
      // Asks the system for the moment that the runs need to be put down.
      event?.preventDefault?.();
      this.#end();
    });
  }

  async #askFor(count: number, window: BrowserWindow): Promise<void> {
    if (!(await this.#options.ask(count))) return;
    this.#mayClose = true;
    if (!window.isDestroyed()) window.close();
  }

  readonly #end = (): void => {
    this.#mayClose = true;
    app.quit();
  };
}
