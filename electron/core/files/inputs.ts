import { randomUUID } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Input } from '../../contract/sound.ts';
import { kindOf } from '../audio/kind.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { unreadable, wholeFile, type FileSlice } from './byte-source.ts';

type Admitted = { path: string; name: string; mediaType: string };

/** The files the user handed over. Everyone else knows them by id; only this class knows where they lie. */
export class Inputs {
  readonly #admitted = new Map<string, Admitted>();

  /** `name` is what the user calls it, when the file is ours. @throws SoundpostError `file_unreadable` */
  async admit(path: string, name = basename(path)): Promise<Input> {
    await mustBeReadable(path);
    const file = await wholeFile(path);
    if (file.size === 0) {
      throw new SoundpostError(
        'file_unreadable',
        'The file is empty. Choose one with sound in it.',
      );
    }
    const { mediaType, ...kind } = await kindOf(file);
    const id = randomUUID();
    this.#admitted.set(id, { path, name, mediaType });
    return { id, name, size: file.size, kind, url: `/inputs/${id}` };
  }

  /** What the user calls an input of this session, also when it is not there any more. */
  nameOf(id: string): string | undefined {
    return this.#admitted.get(id)?.name;
  }

  /** An input of this session, described again; null when it is not known or not there any more. */
  async known(id: string): Promise<Input | null> {
    const admitted = this.#admitted.get(id);
    if (!admitted) return null;
    return describe(id, admitted).catch(() => null);
  }

  /** The file as it is now. @throws SoundpostError `unknown_input`, `file_unreadable` */
  async open(id: string): Promise<{ name: string; bytes: FileSlice; mediaType: string }> {
    const admitted = this.#admitted.get(id);
    if (!admitted) {
      throw new SoundpostError(
        'unknown_input',
        'That file is not known any more. Choose it again.',
      );
    }
    const { path, name, mediaType } = admitted;
    return { name, bytes: await wholeFile(path), mediaType };
  }
}

/** An admitted file as it is now. @throws SoundpostError `file_unreadable` */
async function describe(id: string, { path, name }: Admitted): Promise<Input> {
  const file = await wholeFile(path);
  const { media, format, label, extension } = await kindOf(file);
  const kind = { media, label, extension, ...(format ? { format } : {}) };
  return { id, name, size: file.size, kind, url: `/inputs/${id}` };
}

async function mustBeReadable(path: string): Promise<void> {
  try {
    // Before opening: to open a pipe waits until somebody writes to it.
    const status = await stat(path);
    if (status.isFile()) {
      await (await open(path, 'r')).close();
      return;
    }
    throw new SoundpostError(
      'file_unreadable',
      status.isDirectory()
        ? 'That is a folder. Choose a file in it.'
        : 'That is not a file. Choose an ordinary file.',
    );
  } catch (error) {
    throw unreadable(error);
  }
}
