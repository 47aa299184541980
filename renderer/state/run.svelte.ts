import type { Bridge } from '../../electron/contract/bridge.ts';
import type { Failure, Result } from '../../electron/contract/failure.ts';
import type { PresetRef } from '../../electron/contract/history.ts';
import type { Intent } from '../../electron/contract/intent.ts';
import type { RequestInput } from '../../electron/contract/requests.ts';
import type { Input } from '../../electron/contract/sound.ts';
import { decodeInputs, toDecode, type Prepared } from '../samples/decode-inputs.ts';
import type { RunOutcome, RunProgress } from '../../electron/contract/run.ts';
import { EngineSpare } from '../player/engine/engine-spare.ts';
import { LiveSound } from '../player/live-sound.svelte.ts';
import type { RunSubject } from './run-subject.ts';

const cancelled: Failure = {
  code: 'cancelled',
  message: 'You cancelled the run before anything was sent.',
};

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
      /** When the first byte of the answer came, in milliseconds from the start. */
      firstByte: number | null;
      /** How much of a file is decoded, from 0 to 1, while the page still makes the request ready. */
      decoded: number | null;
      cancelling: boolean;
    }
  | { phase: 'ended'; outcome: RunOutcome }
  /** The request itself was not taken, so there is no run and no answer. */
  | { phase: 'refused'; failure: Failure };

/** What a run was asked for with. */
type Asked = {
  fields: readonly { readonly input: Input | null }[];
  preset: PresetRef | null;
  /** Set when the answer is to be saved by itself. */
  save: RequestInput<'run.start'>['save'];
  subject: RunSubject;
};

/** The run of one form: at most one is in flight. */
export class Run {
  state = $state.raw<RunState>({ phase: 'idle' });
  /** The sound of its answer as it comes, once there is some; until the next run. */
  live = $state.raw<LiveSound | null>(null);
  /** What the run was, or is, about; null before the first. */
  subject = $state.raw<RunSubject | null>(null);
  /** It ended while another request was shown, and has not been looked at since. */
  isUnseen = $state(false);
  readonly #bridge: Bridge;
  #preparing: AbortController | null = null;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /**
   * Runs to the end and keeps how it ended. Does nothing while a run is in flight. What `fields` hold is decoded first
   * where it is to travel as samples and main can't read it.
   */
  async start(intent: Intent, { fields, preset, save, subject }: Asked): Promise<void> {
    if (this.state.phase === 'running') return;
    this.live?.close();
    this.live = null;
    this.isUnseen = false;
    const runId = crypto.randomUUID();
    const startedAt = performance.now();
    this.subject = subject;
    this.state = {
      phase: 'running',
      runId,
      startedAt,
      phaseStartedAt: startedAt,
      progress: null,
      firstByte: null,
      decoded: null,
      cancelling: false,
    };

    const inputs = fields.flatMap(({ input }) => input ?? []);
    const prepared = await this.#prepare(intent, inputs);
    if (!prepared.ok) {
      this.state = { phase: 'refused', failure: prepared.failure };
      return;
    }
    const { intent: ready, drop } = prepared.data;
    let spare: EngineSpare | null = null;
    const stop = this.#bridge.on('run.progress', (progress) => {
      const { state } = this;
      if (progress.runId !== runId || state.phase !== 'running') return;
      const isNewPhase = progress.phase !== state.progress?.phase;
      const phaseStartedAt = isNewPhase ? performance.now() : state.phaseStartedAt;
      const hasBegun = progress.phase === 'receiving' && state.firstByte === null;
      const firstByte = hasBegun ? performance.now() - startedAt : state.firstByte;
      this.state = { ...state, progress, phaseStartedAt, firstByte };
      const sound = progress.live?.sound;
      if (sound?.pcm) this.live?.learn(sound.pcm);
      if (sound && !this.live) {
        const runStartedAt = performance.timeOrigin + startedAt;
        this.live = new LiveSound({ ...sound, runStartedAt, spare });
        spare = null;
      }
    });
    const made = {
      ...(preset ? { preset: { id: preset.id, name: preset.name } } : {}),
      ...(save ? { save } : {}),
    };
    const answered = this.#bridge.request('run.start', { runId, intent: ready, ...made });
    // After the request, which is not to wait for a sound device.
    spare = spareFor(ready);
    const answer = await answered;
    stop();
    void spare?.close();
    drop();

    this.state = answer.ok
      ? { phase: 'ended', outcome: answer.data }
      : { phase: 'refused', failure: answer.failure };
  }

  async #prepare(intent: Intent, inputs: readonly Input[]): Promise<Result<Prepared>> {
    if (toDecode(intent, inputs).length === 0) {
      return { ok: true, data: { intent, drop: () => undefined } };
    }
    const { signal } = (this.#preparing = new AbortController());
    const onProgress = (decoded: number): void => {
      if (this.state.phase === 'running') this.state = { ...this.state, decoded };
    };
    onProgress(0);
    try {
      return await decodeInputs(intent, { inputs, signal, onProgress });
    } catch (error) {
      if (signal.aborted) return { ok: false, failure: cancelled };
      throw error;
    } finally {
      this.#preparing = null;
      if (this.state.phase === 'running') {
        this.state = { ...this.state, decoded: null, phaseStartedAt: performance.now() };
      }
    }
  }

  /** Whether it ended well, with something to hear. */
  get hasSound(): boolean {
    const { state } = this;
    if (state.phase !== 'ended' || state.outcome.state !== 'done') return false;
    return state.outcome.parts.some(({ playUrl }) => playUrl !== undefined);
  }

  /** Shows how an earlier run ended. Does nothing while one is in flight. */
  show(outcome: RunOutcome, subject: RunSubject): void {
    if (this.state.phase === 'running') return;
    this.live?.close();
    this.live = null;
    this.subject = subject;
    this.state = { phase: 'ended', outcome };
  }

  /** Asks main to stop; the run still ends by itself, with what came. */
  async cancel(): Promise<void> {
    const { state } = this;
    if (state.phase !== 'running' || state.cancelling) return;
    this.state = { ...state, cancelling: true };
    // Whoever cancels wants to hear no more of it; what came can still be played.
    this.live?.pause();
    if (this.#preparing) {
      this.#preparing.abort();
      return;
    }
    await this.#bridge.request('run.cancel', { runId: state.runId });
  }
}

/** What hearing the answer takes, made while the request is on its way; null where nothing is to be heard or can be. */
function spareFor({ answer, pcm }: Intent): EngineSpare | null {
  if (answer === 'message') return null;
  try {
    return new EngineSpare(pcm?.sampleRate);
  } catch {
    // The player tries again, and says what is wrong.
    return null;
  }
}
