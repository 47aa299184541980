import type { HistoryEntry, PresetRef } from '../../electron/contract/history.ts';
import type { Input } from '../../electron/contract/sound.ts';
import { modelWords } from '../parts/run-words.ts';
import type { Models } from './models.svelte.ts';
import type { RequestForm } from './request-form.svelte.ts';

/** Of which run an answer is. */
export type RunSubject = {
  /** Milliseconds since 1970 */
  startedAt: number;
  /** What it is called: by its preset, else by its model. */
  name: string;
  /** Names of the files sent. */
  files: string[];
  /** The first of them that is sound, where it can still be had. */
  sound: Input | null;
  /** What was asked, as `askedBy` has it. */
  asked: string;
};

/**
 * What a form asks: where, and with which fields. How the answer is to be read is no part of it: whoever reads it otherwise
 * still has the same answer.
 */
export function askedBy({ target, body, fields }: RequestForm): string {
  const sent = fields
    .filter(({ isLeftOut }) => !isLeftOut)
    .map(({ name, value }) => [name.trim(), value]);
  return JSON.stringify([target.ok ? target.target : null, body, sent]);
}

type Asker = { form: RequestForm; preset: Pick<PresetRef, 'name'> | null };

/** What the run is about that a form now asks for. */
export function subjectNow({ form, preset }: Asker, models: Models): RunSubject {
  const inputs = form.fields.flatMap(({ isLeftOut, input }) => (isLeftOut ? [] : (input ?? [])));
  return {
    startedAt: Date.now(),
    name: preset?.name ?? modelName(form, models),
    files: inputs.map(({ name }) => name),
    sound: firstSound(inputs),
    asked: askedBy(form),
  };
}

/** The same for an earlier run that was put back into that form. */
export function subjectOf(
  { row, inputs }: HistoryEntry,
  { form }: Pick<Asker, 'form'>,
  models: Models,
): RunSubject {
  return {
    ...subjectNow({ form, preset: row.preset ?? null }, models),
    startedAt: Date.parse(row.startedAt),
    files: inputs.map(({ name }) => name),
    sound: firstSound(inputs.flatMap(({ input }) => input ?? [])),
  };
}

const firstSound = (inputs: readonly Input[]): Input | null =>
  inputs.find(({ kind }) => kind.media === 'audio') ?? null;

/** By its model's name, where that is known. */
function modelName({ target, keyName }: RequestForm, models: Models): string {
  if (!target.ok) return '';
  const to = target.target;
  if (to.kind === 'demo') return modelWords(`demo:${to.model}`);
  if (to.kind === 'model') return models.find(to.modelId, keyName)?.name ?? to.modelId;
  const url = URL.parse(to.url);
  return url ? `${url.host}${url.pathname}` : to.url;
}
