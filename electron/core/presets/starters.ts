import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Target } from '../../contract/intent.ts';
import { starterSchema, type PresetDraft, type Starter } from '../../contract/preset.ts';
import { SoundpostError } from '../soundpost-error.ts';

/** The starters that came with the program: one JSON file each in `directory`, shown in the order of their file names. */
export class Starters {
  readonly #directory: string;
  #read: Promise<Starter[]> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  list(): Promise<Starter[]> {
    return (this.#read ??= readAll(this.#directory));
  }

  /** A preset as the starter has it, for a model of the user's. @throws SoundpostError `invalid_request` */
  async draft(
    id: string,
    model: Pick<ModelTarget, 'modelId' | 'deployment'>,
  ): Promise<PresetDraft> {
    const starter = (await this.list()).find((each) => each.id === id);
    if (!starter) {
      throw new SoundpostError('invalid_request', 'There is no such starter in this Soundpost.');
    }
    const { name, path, request, notes } = starter;
    return {
      name,
      target: { kind: 'model', ...model, ...(path ? { path } : {}) },
      ...request,
      ...(notes ? { notes } : {}),
    };
  }
}

type ModelTarget = Extract<Target, { kind: 'model' }>;

async function readAll(directory: string): Promise<Starter[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.json')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(directory, name), 'utf8');
      return v.parse(starterSchema, JSON.parse(text));
    }),
  );
}
