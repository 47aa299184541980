import type { PresetRef } from '../../contract/history.ts';
import type { Intent } from '../../contract/intent.ts';
import type { RunOutcome, RunProgress } from '../../contract/run.ts';
import { modelOf } from '../history/row-of-run.ts';

/** All runs in flight as one: how many, and how far they are. */
export type Flight = {
  count: number;
  /** Between 0 and 1, of what has an end in sight: an upload, or an answer of known length. Null while any has none. */
  fraction: number | null;
};

/** A run that ended. */
export type Landed = Pick<RunOutcome, 'runId' | 'state'> & {
  /** The preset's name, where it was made with one. */
  preset?: string;
  model: string;
  /** Milliseconds */
  took: number;
};

type Listener = {
  /** Told at each change, of a fraction as often as runs tell of it. */
  onChange?: (flight: Flight) => void;
  onEnd?: (landed: Landed) => void;
};

type Followed = {
  runId: string;
  intent: Pick<Intent, 'target'>;
  preset?: PresetRef | undefined;
  onProgress: (progress: RunProgress) => void;
};

/** Watches the runs in flight for whoever is to know: progress in the dock, keep-awake, notes, the question before quitting. */
export class InFlight {
  /** How far each is. */
  readonly #flights = new Map<object, number | null>();
  readonly #listeners = new Set<Listener>();
  readonly #log: (error: unknown) => void;
  #told = '';

  constructor(log: (error: unknown) => void) {
    this.#log = log;
  }

  get now(): Flight {
    const all = [...this.#flights.values()];
    const known = all.filter((fraction) => fraction !== null);
    const isKnown = all.length > 0 && known.length === all.length;
    const sum = known.reduce((total, fraction) => total + fraction, 0);
    return { count: all.length, fraction: isKnown ? sum / all.length : null };
  }

  /** The answered function stops it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Follows a run from its start to its end, and answers what it does. */
  async follow(
    { runId, intent, preset, onProgress }: Followed,
    start: (onProgress: (progress: RunProgress) => void) => Promise<RunOutcome>,
  ): Promise<RunOutcome> {
    // An id may be asked for twice, and only the first is a run.
    const flight = {};
    this.#set(flight, null);
    try {
      const outcome = await start((progress) => {
        if (this.#flights.has(flight)) this.#set(flight, fractionOf(progress));
        onProgress(progress);
      });
      const landed: Landed = {
        ...{ runId, state: outcome.state, model: modelOf(intent.target).model },
        ...(preset === undefined ? {} : { preset: preset.name }),
        took: outcome.timings.total,
      };
      this.#flights.delete(flight);
      this.#each(({ onEnd }) => onEnd?.(landed));
      return outcome;
    } finally {
      this.#flights.delete(flight);
      this.#tell();
    }
  }

  #set(flight: object, fraction: number | null): void {
    this.#flights.set(flight, fraction);
    this.#tell();
  }

  #tell(): void {
    const { now } = this;
    const told = JSON.stringify(now);
    if (told === this.#told) return;
    this.#told = told;
    this.#each(({ onChange }) => onChange?.(now));
  }

  /** Whoever fails to show a run does not break it. */
  #each(tell: (listener: Listener) => void): void {
    for (const listener of [...this.#listeners]) {
      try {
        tell(listener);
      } catch (error) {
        this.#log(error);
      }
    }
  }
}

function fractionOf({ phase, sent, toSend, received, toReceive }: RunProgress): number | null {
  if (phase === 'uploading' && toSend > 0) return Math.min(1, sent / toSend);
  if (phase === 'receiving' && toReceive) return Math.min(1, received / toReceive);
  return null;
}
