import { createHash, randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Field, Intent } from '../../contract/intent.ts';
import type { RunOutcome } from '../../contract/run.ts';
import type { Core } from '../core.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { jsonText, type StoredPart } from '../runs/runs.ts';
import { suggestedName } from '../runs/suggested-name.ts';
import { SoundpostError, toFailure } from '../soundpost-error.ts';
import { exitStatus } from './exit-status.ts';
import type { RunCommand, WrittenField } from './parse-arguments.ts';
import type { Reporter } from './reporter.ts';

const COPY_BYTES = 1024 * 1024;
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
  const { core, reporter, signal } = options;
  try {
    const runId = randomUUID();
    const intent = await admitFields(command, core);
    signal.addEventListener('abort', () => {
      core.cancel(runId);
    });
    const outcome = await core.start({
      runId,
      intent,
      timeout: command.timeout,
      onProgress: (progress) => {
        reporter.progress(progress);
      },
    });
    await deliver(outcome, command, options);
    if (outcome.failure) {
      reporter.failed(outcome.failure, outcome);
      return exitStatus(outcome.failure.code);
    }
    reporter.done(outcome, core.runFolder(runId));
    return 0;
  } catch (error) {
    const failure = toFailure(error);
    reporter.failed(failure);
    return exitStatus(failure.code);
  }
}

async function admitFields(command: RunCommand, core: Core): Promise<Intent> {
  const { target, body, answer, auth } = command;
  const isDemoSpeech = target.kind === 'demo' && target.model === 'speak';
  const written: WrittenField[] =
    isDemoSpeech && command.fields.length === 0
      ? [{ name: 'text', type: 'text', text: demoSpeech.text }]
      : command.fields;
  const fields: Field[] = [];
  for (const field of written) {
    fields.push(
      field.type === 'file'
        ? {
            name: field.name,
            value: { type: 'file', inputId: (await core.inputs.admit(field.path)).id },
          }
        : { name: field.name, value: { type: field.type, text: field.text } },
    );
  }
  return { target, body, answer, auth, fields, ...(isDemoSpeech ? { pcm: demoSpeech.pcm } : {}) };
}

/** Puts each part where `--out` says, or leaves it in the run's folder, and tells of it. */
async function deliver(outcome: RunOutcome, command: RunCommand, options: Options): Promise<void> {
  const { core, reporter, writeOut } = options;
  const { out } = command;
  const parts = outcome.parts.map(({ name }) => core.part(outcome.runId, name));
  if (out === '-') {
    await deliverToStdout(parts, outcome, writeOut);
    return;
  }
  if (out !== undefined && parts.length === 0 && outcome.output !== undefined) {
    await core.saveOutput(outcome.runId, out, command.force ? 'replace' : 'keep');
    return;
  }
  const isFolder = out !== undefined && (await isDirectory(out));
  if (out !== undefined && !isFolder && parts.length > 1) {
    throw new SoundpostError(
      'invalid_request',
      `The answer has ${parts.length} parts and --out names one file. Give a folder that exists; the parts are kept in ${core.runFolder(outcome.runId)}.`,
    );
  }
  for (const [index, part] of parts.entries()) {
    const path =
      out === undefined
        ? // A name of ours: a model's may not decide what lies in the run's folder.
          join(core.runFolder(outcome.runId), `part-${index + 1}.${part.kind.extension}`)
        : isFolder
          ? join(out, suggestedName(part, 'received'))
          : out;
    await core.savePart(part, 'received', path, command.force ? 'replace' : 'keep');
    reporter.part({
      name: part.name,
      path,
      bytes: part.source.size,
      kind: part.kind.format ?? part.kind.media,
      ...(command.sha256 ? { sha256: await sha256(part.source) } : {}),
    });
  }
}

async function deliverToStdout(
  parts: StoredPart[],
  outcome: RunOutcome,
  writeOut: Options['writeOut'],
): Promise<void> {
  const [part, ...others] = parts;
  if (others.length > 0) {
    throw new SoundpostError(
      'invalid_request',
      `The answer has ${parts.length} parts, and standard output takes one. Give a folder with --out.`,
    );
  }
  const source = part?.source ?? (outcome.output === undefined ? null : jsonText(outcome.output));
  if (source === null) return;
  for (let offset = 0; offset < source.size; offset += COPY_BYTES) {
    await writeOut(await source.read(offset, COPY_BYTES));
  }
}

async function sha256(source: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  for (let offset = 0; offset < source.size; offset += COPY_BYTES) {
    hash.update(await source.read(offset, COPY_BYTES));
  }
  return hash.digest('hex');
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return path.endsWith('/');
  }
}
