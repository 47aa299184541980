import { randomUUID } from 'node:crypto';
import type { Intent } from '../../contract/intent.ts';
import type { PresetRef } from '../../contract/history.ts';
import type { SnippetKind } from '../../contract/snippet.ts';
import type { RunOutcome } from '../../contract/run.ts';
import type { Core } from '../core.ts';
import { SoundpostError, toFailure } from '../soundpost-error.ts';
import { deliver } from './deliver.ts';
import { exitStatus } from './exit-status.ts';
import { follow, handedOn } from './follow.ts';
import type { OutPlace } from './out-place.ts';
import type { Delivery } from './parse-arguments.ts';
import type { Reporter } from './reporter.ts';

export type RunOptions = {
  core: Core;
  reporter: Reporter;
  /** Writes to standard output and resolves when more may be written. */
  writeOut: (bytes: Uint8Array) => Promise<void>;
  /** Aborted by SIGINT. */
  signal: AbortSignal;
};

/** What is sent, and where the answer goes: found out before a model works for it. */
type Prepared = { intent: Intent; place: OutPlace; preset?: PresetRef };

/** Runs one request and delivers what came. Answers the exit status, also when it can't be prepared. */
export async function runRequest(
  command: Delivery,
  options: RunOptions,
  prepare: () => Promise<Prepared>,
): Promise<number> {
  const { core, reporter } = options;
  try {
    const prepared = await prepare();
    const { intent, place } = prepared;
    if (command.dryRun) return await dryRun(intent, command.dryRun, options);
    const { outcome, followed } = await start(command, prepared, options);
    const { failure, parts, runId } = outcome;
    try {
      if (followed) await followed;
      else await deliver(outcome, place, command, options);
    } catch (error) {
      // A run that failed is told of last, also when what came of it can't be delivered.
      if (!failure) throw error;
      reporter.failed(toFailure(error));
    }
    if (failure) {
      reporter.failed(failure, outcome);
      return exitStatus(failure.code);
    }
    reporter.done(outcome, core.runFolder(runId));
    if (place.kind === 'run-folder' && parts.length === 0) reporter.answer(outcome);
    return 0;
  } catch (error) {
    const failure = toFailure(error);
    reporter.failed(failure);
    return exitStatus(failure.code);
  }
}

async function dryRun(
  intent: Intent,
  kind: SnippetKind,
  { core, reporter }: RunOptions,
): Promise<number> {
  const { text, sendsKey } = await core.snippet(intent, kind);
  const isKeyless = !sendsKey && intent.target.kind !== 'demo';
  reporter.dryRun(text, isKeyless ? `${withoutKey} See --allow-host.` : undefined);
  return 0;
}

/** What there is to know of a request to a host that was not allowed to have the key. */
export const withoutKey = 'The key is not in it, since this host was not allowed to have it.';

type Started = {
  outcome: RunOutcome;
  /** Set when the answer goes to standard output while it comes; resolves when all of it is there. */
  followed: Promise<void> | undefined;
};

async function start(
  command: Delivery,
  { intent, place, preset }: Prepared,
  { core, reporter, signal, writeOut }: RunOptions,
): Promise<Started> {
  const runId = randomUUID();
  if (signal.aborted) {
    throw new SoundpostError('cancelled', 'You cancelled the run before anything was sent.');
  }
  signal.addEventListener('abort', () => {
    core.cancel(runId);
  });
  let followed: Promise<void> | undefined;
  const outcome = await core.start({
    runId,
    intent,
    preset,
    ...(place.kind === 'saved' ? { save: { template: place.template } } : {}),
    sha256: command.sha256,
    sharesAnswer: command.out !== undefined && command.out !== '-',
    onProgress: (progress) => {
      reporter.progress(progress);
      const what = handedOn(progress, intent);
      if (place.kind !== 'stdout' || followed || what === null) return;
      followed = follow(core.live(runId, what), writeOut);
      // It is awaited when the run has ended.
      followed.catch(() => undefined);
    },
  });
  return { outcome, followed };
}
