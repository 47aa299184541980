import { basename } from 'node:path';
import type { Admission } from '../../contract/bridge.ts';
import type { Input } from '../../contract/sound.ts';
import { SoundpostError, toFailure } from '../soundpost-error.ts';
import type { NamedFile } from './named-files.ts';

/** Admits each of these that can be, in their order; the others are answered with the reason. */
export async function admitAll(
  files: readonly NamedFile[],
  admit: (path: string) => Promise<Input>,
  log: (error: unknown) => void,
): Promise<Admission> {
  const admission: Admission = { taken: [], refused: [] };
  for (const { name, path } of files) {
    try {
      if (path === '') throw notHere();
      admission.taken.push(await admit(path));
    } catch (error) {
      if (!(error instanceof SoundpostError)) log(error);
      admission.refused.push({ name: basename(name), failure: toFailure(error) });
    }
  }
  return admission;
}

const notHere = (): SoundpostError =>
  new SoundpostError(
    'file_unreadable',
    'It is not a file on this computer. Save it here first, then take that one.',
  );
