import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import * as v from 'valibot';
import { channels, type Admission } from '../contract/bridge.ts';
import type { Result } from '../contract/failure.ts';
import { requests, type Handlers, type Route } from '../contract/requests.ts';
import type { NamedFile } from '../core/opening/named-files.ts';
import { SoundpostError, toFailure } from '../core/soundpost-error.ts';
import { isOwnPage } from './own-page.ts';

const handedFiles = v.pipe(
  v.array(v.object({ name: v.pipe(v.string(), v.maxLength(1024)), path: v.string() })),
  v.maxLength(1000),
);

type Options = {
  handlers: Handlers;
  admit: (files: NamedFile[]) => Promise<Admission>;
  log: (error: unknown) => void;
};

/** The two doors into main: requests, and files that the preload hands over. Each checks who knocks and what they bring. */
export function serveRequests({ handlers, admit, log }: Options): void {
  const answer = async <T>(
    event: IpcMainInvokeEvent,
    work: () => Promise<T>,
  ): Promise<Result<T>> => {
    try {
      // Read at once: after an await the frame may be gone.
      if (!isOwnPage(event.senderFrame)) {
        throw new SoundpostError('forbidden', 'Only Soundpost’s own page may ask for this.');
      }
      return { ok: true, data: await work() };
    } catch (error) {
      if (!(error instanceof SoundpostError)) log(error);
      return { ok: false, failure: toFailure(error) };
    }
  };

  ipcMain.handle(channels.request, (event, route: unknown, input: unknown) =>
    answer(event, () => dispatch(handlers, route, input)),
  );
  ipcMain.handle(channels.admit, (event, files: unknown) =>
    answer(event, async () => admit(handed(files))),
  );
}

/** Runs a route's handler on parsed input. @throws SoundpostError `invalid_request`, and what the handler throws */
export async function dispatch(
  handlers: Handlers,
  route: unknown,
  input: unknown,
): Promise<unknown> {
  // `hasOwn`, so that `constructor` and `__proto__` are no routes.
  if (typeof route !== 'string' || !Object.hasOwn(requests, route)) {
    throw invalid('There is no such request.');
  }
  const name = route as Route;
  const parsed = v.safeParse(requests[name], input);
  if (!parsed.success) {
    const where = v.getDotPath(parsed.issues[0]) ?? 'the request';
    throw invalid(`The page sent a request that is not well formed (${where}).`);
  }
  // The schema and the handler stand under one name, which the types of a union can't follow.
  const handler = handlers[name] as (input: typeof parsed.output) => Promise<unknown>;
  return handler(parsed.output);
}

function handed(files: unknown): NamedFile[] {
  const parsed = v.safeParse(handedFiles, files);
  if (!parsed.success) throw invalid('The files could not be taken.');
  return parsed.output;
}

const invalid = (message: string): SoundpostError => new SoundpostError('invalid_request', message);
