import type { Bridge } from '../../electron/contract/bridge.ts';
import type { Failure } from '../../electron/contract/failure.ts';
import type { Intent } from '../../electron/contract/intent.ts';
import type { RunOutcome, RunProgress } from '../../electron/contract/run.ts';

/** Where one request's run stands. `refused`: main did not take the request at all. */
export type RunState =
  | { phase: 'idle' }
  | {
      phase: 'running';
      runId: string;
      /** performance.now() at the start */
      startedAt: number;
      progress: RunProgress | null;
      cancelling: boolean;
    }
  | { phase: 'ended'; outcome: RunOutcome }
  | { phase: 'refused'; failure: Failure };

/** The run of one request: at most one at a time, and the last one's outcome until the next. */
export class Run {
  #state = $state.raw<RunState>({ phase: 'idle' });
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  get state(): RunState {
    return this.#state;
  }

  get isRunning(): boolean {
    return this.#state.phase === 'running';
  }

  /** Does nothing while a run is in flight. Resolves at its end; failures are states, never thrown. */
  async start(intent: Intent): Promise<void> {
    if (this.#state.phase === 'running') return;
    const runId = crypto.randomUUID();
    this.#state = {
      phase: 'running',
      runId,
      startedAt: performance.now(),
      progress: null,
      cancelling: false,
    };
    const stopListening = this.#bridge.on('run.progress', (progress) => {
      if (progress.runId === runId && this.#state.phase === 'running') {
        this.#state = { ...this.#state, progress };
      }
    });
    const result = await this.#bridge.request('run.start', { runId, intent });
    stopListening();
    this.#state = result.ok
      ? { phase: 'ended', outcome: result.data }
      : { phase: 'refused', failure: result.failure };
  }

  /** The run then ends by itself, with what had come. */
  cancel(): void {
    if (this.#state.phase !== 'running' || this.#state.cancelling) return;
    this.#state = { ...this.#state, cancelling: true };
    void this.#bridge.request('run.cancel', { runId: this.#state.runId });
  }
}
