import type { Bridge } from '../../electron/contract/bridge.ts';
import type { Intent } from '../../electron/contract/intent.ts';
import type { PreflightNote } from '../../electron/contract/preflight.ts';

/** Milliseconds of rest after the last change before main is asked. */
const REST = 250;

/** What main says of a request before it is sent. */
export class Preflight {
  /** The last answer; it stays in sight while a change is being looked at. */
  notes = $state.raw<PreflightNote[]>([]);
  #isCurrent = false;
  #turn = 0;
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** True when the request as it stands surely can't be sent. */
  get blocks(): boolean {
    return this.#isCurrent && this.notes.some(({ blocks }) => blocks);
  }

  /** Looks at a changed request, or at none when something is still missing in it. Returns the function that gives up. */
  watch(intent: Intent | null): () => void {
    const turn = (this.#turn += 1);
    this.#isCurrent = false;
    const timer = setTimeout(() => void this.#check(intent, turn), intent ? REST : 0);
    return () => {
      clearTimeout(timer);
    };
  }

  async #check(intent: Intent | null, turn: number): Promise<void> {
    const result = intent ? await this.#bridge.request('run.check', { intent }) : null;
    if (turn !== this.#turn) return;
    // What can't be looked at is no obstacle: a run says what is wrong itself.
    this.notes = result?.ok ? result.data : [];
    this.#isCurrent = true;
  }
}
