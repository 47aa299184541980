import { randomUUID } from 'node:crypto';
import type { Field, Intent } from '../../contract/intent.ts';
import type { RunOutcome } from '../../contract/run.ts';
import type { Core } from '../core.ts';
import { hasErrorCode, SoundpostError, toFailure } from '../soundpost-error.ts';
import { deliver } from './deliver.ts';
import { exitStatus } from './exit-status.ts';
import { follow, handedOn } from './follow.ts';
import { outPlace, type OutPlace } from './out-place.ts';
import type { RunCommand } from './parse-arguments.ts';
import type { Reporter } from './reporter.ts';
import type { WrittenField } from './written-fields.ts';

/** What the demo speaks, and how. */
const demoSpeech = {
  text: 'Four score and seven years ago our fathers brought forth, upon this continent, a new nation.',
  pcm: { encoding: 's16le', sampleRate: 24_000, channels: 1 },
} as const;

type Options = {
  core: Core;
  reporter: Reporter;
  /** Writes to standard output and resolves when more may be written. */
  writeOut: (bytes: Uint8Array) => Promise<void>;
  /** Aborted by SIGINT. */
  signal: AbortSignal;
};

/** Runs one request and delivers what came. Answers the exit status. */
export async function runCommand(command: RunCommand, options: Options): Promise<number> {
  const { core, reporter } = options;
  try {
    if (command.dryRun) return await dryRun(command, options);
    const place = await outPlace(command);
    const { outcome, followed } = await start(command, place, options);
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

async function dryRun(command: RunCommand, { core, reporter }: Options): Promise<number> {
  const intent = await admitFields(command, core);
  const curl = await core.curl(intent);
  const note =
    'The key is not in it, since this host was not allowed to have it: see --allow-host.';
  reporter.dryRun(curl.command, curl.sendsKey ? undefined : note);
  return 0;
}

type Started = {
  outcome: RunOutcome;
  /** Set when the answer goes to standard output while it comes; resolves when all of it is there. */
  followed: Promise<void> | undefined;
};

async function start(
  command: RunCommand,
  place: OutPlace,
  { core, reporter, signal, writeOut }: Options,
): Promise<Started> {
  const runId = randomUUID();
  const intent = await admitFields(command, core);
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

async function admitFields(command: RunCommand, core: Core): Promise<Intent> {
  const { target, body, answer, auth, limits, retries } = command;
  const isDemoSpeech = target.kind === 'demo' && target.model === 'speak';
  const written: WrittenField[] =
    isDemoSpeech && command.fields.length === 0
      ? [{ name: 'text', type: 'text', text: demoSpeech.text }]
      : command.fields;
  const pcm = command.pcm ?? (isDemoSpeech ? demoSpeech.pcm : undefined);
  const fields: Field[] = [];
  for (const field of written) {
    fields.push(
      field.type === 'file'
        ? {
            name: field.name,
            value: {
              type: 'file',
              inputId: await admit(field.path, core),
              travel: field.travel,
            },
          }
        : { name: field.name, value: { type: field.type, text: field.text } },
    );
  }
  return {
    ...{ target, body, answer, auth, fields, limits },
    ...(retries === undefined ? {} : { retries }),
    ...(pcm ? { pcm } : {}),
  };
}

/** An input that can't be read is named as the user wrote it: on the command line the user typed the path. */
async function admit(path: string, core: Core): Promise<string> {
  try {
    return (await core.inputs.admit(path)).id;
  } catch (error) {
    if (!(error instanceof SoundpostError)) throw error;
    const words = hasErrorCode(error, 'ENOENT') ? 'There is no such file.' : error.message;
    throw new SoundpostError(error.code, `${path}: ${words}`, { cause: error });
  }
}
