import { openContext, startEngineWorker } from './engine-start.ts';

/** What most speech models answer with. Hz. */
const LIKELY_RATE = 24_000;

/**
 * A worker and a sound device for a player that may be needed soon: to make them takes longer than to fill its cushion. Who
 * makes one gives it to a player, or closes it.
 */
export class EngineSpare {
  readonly worker: Worker;
  /** Null when there is no device. */
  readonly context: Promise<AudioContext | null>;

  /** `sampleRate` in Hz, as far as it can be guessed. @throws when the page's CSP forbids the worker */
  constructor(sampleRate = LIKELY_RATE) {
    this.worker = startEngineWorker();
    this.context = openContext(sampleRate).catch(() => null);
  }

  async close(): Promise<void> {
    this.worker.terminate();
    const context = await this.context;
    if (context && context.state !== 'closed') await context.close();
  }
}
