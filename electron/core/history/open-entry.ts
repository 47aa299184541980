import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistoryEntry, HistoryInput } from '../../contract/history.ts';
import type { Intent } from '../../contract/intent.ts';
import type { RunOutcome } from '../../contract/run.ts';
import type { Input } from '../../contract/sound.ts';
import type { Inputs } from '../files/inputs.ts';
import { readMarks, readRecord } from '../runs/read-record.ts';
import type { InputRecord, RunRecord } from '../runs/run-record.ts';
import type { Runs } from '../runs/runs.ts';
import { asItStands, sizeOf, type Flight } from './read-run.ts';
import { restoredParts } from './restored-parts.ts';
import { rowOfRun } from './row-of-run.ts';
import { takeApartAgain } from './take-apart-again.ts';

export type EntryContext = {
  runs: Runs;
  inputs: Inputs;
  flight: Flight;
  /** The inputs of runs that were opened before, by run and place: opening one twice makes no second input. */
  admitted: Map<string, Input>;
  log: (error: unknown) => void;
};

/**
 * All of one run, with its parts and inputs served again as in the session that ran it.
 * @throws SoundpostError `file_unreadable`
 */
export async function openEntry(folder: string, context: EntryContext): Promise<HistoryEntry> {
  const written = await readRecord(folder);
  let record = asItStands(written, await context.flight.isHeld(written));
  if (record.state !== 'running' && !record.parts) {
    record = await takeApartAgain(folder, record, context.log);
  }
  const inputs = await openInputs(folder, record, context);
  const marks = await readMarks(folder);
  return {
    row: rowOfRun(record, marks, await sizeOf(folder)).row,
    ...(record.endedAt === undefined ? {} : { endedAt: record.endedAt }),
    notes: marks.notes,
    intent: withInputs(record, inputs),
    inputs: inputs.map(({ name, size, sha256, input }) => ({
      ...{ name, size },
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(input ? { input } : {}),
    })),
    outcome: await openOutcome(folder, record, context),
  };
}

/** The outcome with the parts' addresses of now. */
async function openOutcome(
  folder: string,
  { id, outcome, parts: records = [], state }: RunRecord,
  { runs }: EntryContext,
): Promise<RunOutcome> {
  if (state === 'running') return { ...outcome, runId: id, parts: [] };
  const { parts: stored, lost } = await restoredParts(folder, records);
  const heard = new Set(outcome.parts.filter((part) => part.heardLive).map(({ name }) => name));
  const parts = runs
    .add(id, { folder, parts: stored })
    .map((part) => (heard.has(part.name) ? { ...part, heardLive: true as const } : part));
  const warnings = lost.map(
    (name) => `${name}: Its bytes are no longer in the run’s folder on this computer.`,
  );
  return { ...outcome, runId: id, parts, warnings: [...outcome.warnings, ...warnings] };
}

type OpenedInput = HistoryInput & Pick<InputRecord, 'inputId'>;

/** From their copies in the folder; in the session that ran it, else from where they lie. */
async function openInputs(
  folder: string,
  { id, inputs }: RunRecord,
  { inputs: known, admitted }: EntryContext,
): Promise<OpenedInput[]> {
  const opened: OpenedInput[] = [];
  for (const { file, ...record } of inputs) {
    const key = `${id}/${file ?? ''}`;
    const copy =
      file === undefined
        ? null
        : (admitted.get(key) ?? (await admitCopy(join(folder, file), record.name, known)));
    if (copy) admitted.set(key, copy);
    const input = copy ?? (await known.known(record.inputId));
    opened.push({ ...record, ...(input ? { input } : {}) });
  }
  return opened;
}

async function admitCopy(path: string, name: string, inputs: Inputs): Promise<Input | null> {
  const status = await lstat(path).catch(() => null);
  return status?.isFile() ? inputs.admit(path, name).catch(() => null) : null;
}

/** What was asked, ready to be asked again. */
function withInputs({ intent }: RunRecord, inputs: OpenedInput[]): Intent {
  const ids = new Map(inputs.map(({ inputId, input }) => [inputId, input?.id ?? null]));
  return {
    ...intent,
    fields: intent.fields.map(({ name, value }) => ({
      name,
      value:
        value.type === 'file' && value.inputId !== null
          ? { ...value, inputId: ids.get(value.inputId) ?? null }
          : value,
    })),
  };
}
