import { mkdtempSync, rmSync } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { idSchema } from '../../contract/intent.ts';
import type { Failure } from '../../contract/failure.ts';
import type { Input } from '../../contract/sound.ts';
import { SoundpostError, toFailure } from '../soundpost-error.ts';
import { unwritable } from './replace-file.ts';

/** A message can hold no more, and neither can a WAV's own size. */
const LARGEST_INPUT = 4 * 1024 ** 3 - 1;
const LARGEST_PIECE = 16 * 1024 ** 2;

/**
 * Inputs that are born in the page, such as decoded sound. They come up in pieces, since a browser streams no body over
 * HTTP/1.1: `PUT /inputs/<id>` with the headers `Upload-Offset` and `Upload-Complete` (`?1` for the last piece, which is
 * answered with the `Input`), as in draft-ietf-httpbis-resumable-upload; `DELETE` drops them. Headers of that kind let no other
 * site's page in without being asked first, and nobody is answered yes. Files of this account alone, gone at `close`.
 */
export class PageInputs {
  readonly #admit: (path: string) => Promise<Input>;
  #directory: string | undefined;

  constructor(admit: (path: string) => Promise<Input>) {
    this.#admit = admit;
  }

  /** Answers a PUT or DELETE of the page. Faults are told as a `Failure` in JSON. */
  async answer(request: Request, id: string): Promise<Response> {
    try {
      mustBeOurPage(request);
      const path = join(this.#place(), fileName(id));
      if (request.method === 'DELETE') {
        await rm(path, { force: true });
        return new Response(null, { status: 204 });
      }
      await append(path, request);
      if (request.headers.get('upload-complete') !== '?1') {
        return new Response(null, { status: 204 });
      }
      return Response.json(await this.#admit(path));
    } catch (error) {
      if (!(error instanceof SoundpostError)) throw error;
      const failure: Failure = toFailure(error);
      return Response.json(failure, { status: failure.code === 'forbidden' ? 403 : 400 });
    }
  }

  /** At once, since a program that quits waits for nobody. */
  close(): void {
    if (this.#directory) rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Made when it is first needed, for this account alone. */
  #place(): string {
    return (this.#directory ??= mkdtempSync(join(tmpdir(), 'soundpost-inputs-')));
  }
}

function mustBeOurPage({ headers }: Request): void {
  const origin = headers.get('origin');
  if (origin === null || origin === 'app://soundpost') return;
  throw new SoundpostError('forbidden', 'Only Soundpost’s own page can hand over sound.');
}

function fileName(id: string): string {
  const parsed = v.safeParse(idSchema, id);
  if (parsed.success) return `${parsed.output}.wav`;
  throw new SoundpostError('invalid_request', 'That is not an id.');
}

/** Writes a request's body at the end of a file, which it must know. */
async function append(path: string, request: Request): Promise<void> {
  const offset = Number(request.headers.get('upload-offset') ?? NaN);
  const there = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (offset !== there) {
    throw new SoundpostError('invalid_request', 'A piece of the sound is missing. Start anew.');
  }
  try {
    await using file = await open(path, 'a', 0o600);
    let taken = 0;
    const body: AsyncIterable<Uint8Array> | null = request.body;
    for await (const bytes of body ?? []) {
      taken += bytes.length;
      if (taken > LARGEST_PIECE || offset + taken > LARGEST_INPUT) throw tooLarge();
      await file.appendFile(bytes);
    }
  } catch (error) {
    throw error instanceof SoundpostError ? error : unwritable(error);
  }
}

const tooLarge = (): SoundpostError =>
  new SoundpostError(
    'too_large',
    'The decoded sound is larger than 4 GB, which no message can hold. Send a shorter file.',
  );
