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
      /** Since when it is in this phase: `performance.now()`, ms */
      phaseStartedAt: number;
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
    const startedAt = performance.now();
    this.state = {
      phase: 'running',
      runId,
      startedAt,
      phaseStartedAt: startedAt,
      progress: null,
      cancelling: false,
    };

    const stop = this.#bridge.on('run.progress', (progress) => {
      const { state } = this;
      if (progress.runId !== runId || state.phase !== 'running') return;
      const isNewPhase = progress.phase !== state.progress?.phase;
      const phaseStartedAt = isNewPhase ? performance.now() : state.phaseStartedAt;
      this.state = { ...state, progress, phaseStartedAt };
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
