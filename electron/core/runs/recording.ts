import type { PresetRef } from '../../contract/history.ts';
import type { Intent } from '../../contract/intent.ts';
import type { RunOutcome } from '../../contract/run.ts';
import { SoundpostError, toFailure } from '../soundpost-error.ts';
import type { KeptInputs } from './kept-inputs.ts';
import type { Lease } from './lease.ts';
import { partRecords } from './part-record.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunRecord } from './run-record.ts';
import type { StoredPart } from './runs.ts';

/** Who runs, and what for. */
export type RunOrigin = { by: RunRecord['by']; lease: Lease; preset?: PresetRef | undefined };

type Begun = {
  runId: string;
  intent: Intent;
  inputs: KeptInputs;
  origin: RunOrigin;
  /** What is known before anything is sent. */
  known: Known;
  /** Keeps the key out of a text. */
  hide: (text: string) => string;
};

type Known = Omit<RunOutcome, 'parts' | 'warnings'>;

/**
 * Keeps `run.json` true from a run's first moment on: whatever happens to this program, the file says what was asked and
 * what had come.
 */
export class Recording {
  readonly #folder: RunFolder;
  readonly #inputs: KeptInputs;
  readonly #hide: Begun['hide'];
  #record: RunRecord;
  /** The last write: two at once could end in the wrong order. */
  #written: Promise<unknown> = Promise.resolve();

  private constructor(folder: RunFolder, { runId, intent, inputs, origin, known, hide }: Begun) {
    this.#folder = folder;
    this.#inputs = inputs;
    this.#hide = hide;
    const { by, lease, preset } = origin;
    const startedAt = new Date(Date.now() - known.timings.total).toISOString();
    this.#record = {
      ...{ version: 2, id: runId, state: 'running', startedAt },
      ...{ by, lease, ...(preset ? { preset } : {}) },
      ...{ intent, inputs: inputs.records, outcome: interrupted(known) },
    };
  }

  /** Before anything is sent: what can't be put down now could not be kept later. @throws SoundpostError `disk_full`, `disk_error` */
  static async begin(folder: RunFolder, begun: Begun): Promise<Recording> {
    const recording = new Recording(folder, begun);
    await recording.#write({ isFlushed: false });
    return recording;
  }

  /** The answer has begun. Nothing waits for this: the bytes are on their way. */
  answered(known: Known): void {
    this.#record = { ...this.#record, outcome: interrupted(known) };
    this.#write({ isFlushed: false }).catch(() => undefined);
  }

  /** Puts down how it ended. The lease goes when there is nothing more to do. @throws SoundpostError `disk_full`, `disk_error` */
  async end(outcome: RunOutcome, parts: StoredPart[]): Promise<void> {
    const { lease, ...record } = this.#record;
    const inputs = this.#inputs.records;
    this.#record = {
      ...record,
      state: outcome.state,
      endedAt: new Date().toISOString(),
      ...(lease && inputs.length > 0 ? { lease } : {}),
      inputs,
      outcome: { ...outcome, parts: outcome.parts.map(named) },
      parts: await partRecords(parts, this.#folder),
    };
    await this.#write({ isFlushed: true });
  }

  /** After the end, in the background: copies of the inputs, and their hashes. @throws SoundpostError `disk_full`, `disk_error` */
  async keepInputs(signal: AbortSignal): Promise<void> {
    if (this.#inputs.records.length === 0) return;
    await this.#inputs.keep(signal);
    this.#record = { ...this.#record, inputs: this.#inputs.records };
    delete this.#record.lease;
    await this.#write({ isFlushed: true });
  }

  #write({ isFlushed }: { isFlushed: boolean }): Promise<void> {
    const record = this.#record;
    const write = (): Promise<void> =>
      this.#folder.writeRecord(record, { hide: this.#hide, isFlushed });
    const written = this.#written.then(write, write);
    this.#written = written;
    return written;
  }
}

/** What of a part's description can't be told from the part itself. */
const named = ({ name, heardLive }: RunOutcome['parts'][number]) => ({
  name,
  ...(heardLive ? { heardLive } : {}),
});

/** What is true of a run of which nobody writes any more. */
function interrupted(known: Known): RunRecord['outcome'] {
  const failure = toFailure(
    new SoundpostError(
      'interrupted',
      'Soundpost or this computer was ended in the middle of the run. What had come is kept.',
    ),
  );
  return { ...known, state: 'failed', failure, parts: [], warnings: [] };
}
