import type { Bridge } from '../../electron/contract/bridge.ts';
import type { Failure } from '../../electron/contract/failure.ts';
import type { Intent } from '../../electron/contract/intent.ts';
import type { RunOutcome, RunProgress } from '../../electron/contract/run.ts';

/** Where a form's run stands: one of these, never two at once. */
export type RunState =
  | { phase: 'idle' }
  | {
      phase: 'running';
      runId: string;
      /** `performance.now()`, ms */
      startedAt: number;
      progress: RunProgress | null;
      cancelling: boolean;
    }
  | { phase: 'ended'; outcome: RunOutcome }
  /** The request itself was not taken, so there is no run and no answer. */
  | { phase: 'refused'; failure: Failure };

/** The run of one form: at most one is in flight. */
export class Run {
  state = $state.raw<RunState>({ phase: 'idle' });
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Runs to the end and keeps how it ended. Does nothing while a run is in flight. */
  async start(intent: Intent): Promise<void> {
    if (this.state.phase === 'running') return;
    const runId = crypto.randomUUID();
    this.state = {
      phase: 'running',
      runId,
      startedAt: performance.now(),
      progress: null,
      cancelling: false,
    };

    const stop = this.#bridge.on('run.progress', (progress) => {
      if (progress.runId === runId && this.state.phase === 'running') {
        this.state = { ...this.state, progress };
      }
    });
    const answer = await this.#bridge.request('run.start', { runId, intent });
    stop();

    this.state = answer.ok
      ? { phase: 'ended', outcome: answer.data }
      : { phase: 'refused', failure: answer.failure };
  }

  /** Asks main to stop; the run still ends by itself, with what came. */
  async cancel(): Promise<void> {
    const { state } = this;
    if (state.phase !== 'running' || state.cancelling) return;
    this.state = { ...state, cancelling: true };
    await this.#bridge.request('run.cancel', { runId: state.runId });
  }
}
