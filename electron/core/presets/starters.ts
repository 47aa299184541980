import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import {
  starterSchema,
  type PresetDraft,
  type Starter,
  type StarterTarget,
} from '../../contract/preset.ts';
import { readAddress } from '../paste/read-address.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { starterUrl } from './starter-url.ts';

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

  /**
   * A preset as the starter has it, for a model of the user's or a server at a URL.
   * @throws SoundpostError `invalid_request`, `invalid_target`
   */
  async draft(id: string, given: StarterTarget): Promise<PresetDraft> {
    const starter = (await this.list()).find((each) => each.id === id);
    if (!starter) {
      throw new SoundpostError('invalid_request', 'There is no such starter in this Soundpost.');
    }
    const { name, path, request, notes } = starter;
    return {
      name,
      target: targetOf(given, path),
      ...request,
      ...(notes ? { notes } : {}),
    };
  }
}

/** Of a URL that is a model's on Baseten, the model. Logins and keys in it are left out. */
function targetOf(given: StarterTarget, path: string | undefined): PresetDraft['target'] {
  const own = path === undefined ? {} : { path };
  if (given.kind === 'model') return { ...given, ...own };
  const { target } = readAddress(given.url);
  if (target.kind === 'url') return { kind: 'url', url: starterUrl(target.url, path) };
  return { kind: 'model', modelId: target.modelId, deployment: target.deployment, ...own };
}

async function readAll(directory: string): Promise<Starter[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.json')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(directory, name), 'utf8');
      return v.parse(starterSchema, JSON.parse(text));
    }),
  );
}
