import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';
import { isRunning, ownIdentity, processIdentitySchema } from './process-identity.ts';
import { hasNoLinks, temporaryName, unwritable } from './replace-file.ts';

const lockSchema = v.object({ ...processIdentitySchema.entries, token: v.string() });

/** Milliseconds. A lock is held for a few; whoever can't be asked whether it lives is waited for this long. */
const OLD = 30_000;
const PATIENCE = 10_000;
const PAUSE = 15;

export type FileLock = AsyncDisposable & {
  /** False when another process took it over, believing this one dead: then nothing may be written. */
  isOurs(): Promise<boolean>;
};

/**
 * Waits until no other process holds `path`, and holds it. One that was left behind by a process that died is taken over
 * at once. The file says who holds it, so that a person can see it too.
 * @throws SoundpostError `disk_error`, `disk_full`; also when another process holds it for more than 10 s
 */
export async function lockFile(path: string, patience = PATIENCE): Promise<FileLock> {
  const token = randomUUID();
  const text = JSON.stringify({ ...(await ownIdentity()), token });
  const until = Date.now() + patience;
  while (!(await create(path, text))) {
    if (await isLeftBehind(path)) await setAside(path);
    else if (Date.now() > until) throw busy();
    // Not all at the same moment again.
    else await delay(PAUSE * (0.5 + Math.random()));
  }
  const isOurs = async (): Promise<boolean> => (await content(path)) === text;
  return {
    isOurs,
    async [Symbol.asyncDispose]() {
      if (await isOurs()) await rm(path, { force: true });
    },
  };
}

/** Puts the lock in place with all it says, in one step; false when there is one. */
async function create(path: string, text: string): Promise<boolean> {
  const temporary = temporaryName(path);
  try {
    await writeFile(temporary, text, { flag: 'wx', mode: 0o600 });
    await link(temporary, path);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return false;
    if (!hasNoLinks(error)) throw unwritable(error);
    return await createWithoutLinks(path, text);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function createWithoutLinks(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return false;
    throw unwritable(error);
  }
}

async function isLeftBehind(path: string): Promise<boolean> {
  const text = await content(path);
  if (text === null) return false;
  const holder = v.safeParse(lockSchema, parsed(text));
  const isAlive = holder.success ? await isRunning(holder.output) : 'unknown';
  if (isAlive === true) return false;
  if (isAlive === 'unknown' && !(await isOld(path))) return false;
  // Another process may have taken it over while this one asked.
  return (await content(path)) === text;
}

/** By renaming, so that of several processes that found it left behind only one moves it. */
async function setAside(path: string): Promise<void> {
  const aside = temporaryName(path);
  try {
    await rename(path, aside);
    // Between looking and renaming a living process may have put its own there: it gets it back.
    if (!(await isLeftBehind(aside))) await link(aside, path).catch(() => undefined);
    await rm(aside, { force: true });
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw unwritable(error);
  }
}

async function isOld(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => null);
  return status !== null && Date.now() - status.mtimeMs > OLD;
}

async function content(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const busy = (): SoundpostError =>
  new SoundpostError(
    'disk_error',
    'Another Soundpost is writing the same file and does not finish. Nothing was changed; close it and try again.',
  );
