import { extname, join } from 'node:path';
import type { RunOutcome, Saved } from '../../contract/run.ts';
import type { Core } from '../core.ts';
import { wholeFile, type ByteSource } from '../files/byte-source.ts';
import { JoinedBytes } from '../files/joined-bytes.ts';
import { jsonText, playable } from '../runs/runs.ts';
import { suggestedName } from '../runs/suggested-name.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { taken, type OutPlace } from './out-place.ts';
import type { Delivery } from './parse-arguments.ts';
import type { Reporter } from './reporter.ts';

const COPY_BYTES = 1024 * 1024;

type Options = {
  core: Core;
  reporter: Reporter;
  /** Writes to standard output and resolves when more may be written. */
  writeOut: (bytes: Uint8Array) => Promise<void>;
};

/** A part, or the decoded message of an answer that has none. */
type Piece = {
  name: string;
  kind: string;
  source: ByteSource;
  fileName: string;
  /** A name of ours: a model's may not decide what lies in the run's folder. */
  ownName: string;
  save: (path: string) => Promise<void>;
};

/**
 * Puts each part where `--out` says, or leaves it in the run's folder, and tells of it. An answer without parts goes
 * where one part would; without `--out` it is left to the reporter.
 * @throws SoundpostError whose message says where the answer is kept
 */
export async function deliver(
  outcome: RunOutcome,
  place: OutPlace,
  command: Delivery,
  options: Options,
): Promise<void> {
  // What came of a run that failed is not saved by itself: it stays with the run.
  if (place.kind === 'saved' && outcome.saved) {
    await tellSaved(outcome, outcome.saved, command, options);
    return;
  }
  const pieces = piecesOf(outcome, place, command, options.core);
  if (pieces.length === 0) return;
  try {
    if (place.kind === 'stdout') await writeOne(pieces, options.writeOut);
    else await saveAll(pieces, place, outcome.runId, command, options);
  } catch (error) {
    if (!(error instanceof SoundpostError)) throw error;
    const { code, message, detail } = error;
    throw new SoundpostError(
      code,
      `${message} The answer is kept in ${options.core.runFolder(outcome.runId)}.`,
      { cause: error, ...(detail === undefined ? {} : { detail }) },
    );
  }
}

/** Tells of files that the run itself has made. @throws SoundpostError when not all could be */
async function tellSaved(
  { runId }: RunOutcome,
  { failure }: Saved,
  { sha256 }: Delivery,
  { core, reporter }: Options,
): Promise<void> {
  for (const { part, path } of core.saved.of(runId)) {
    const file = await wholeFile(path);
    const kind = extname(path).slice(1);
    const hash = sha256 ? { sha256: await core.sha256(file) } : {};
    reporter.part({ name: part ?? 'answer', path, bytes: file.size, kind, ...hash });
  }
  if (failure) throw new SoundpostError(failure.code, failure.message);
}

function piecesOf(
  { runId, parts, output }: RunOutcome,
  place: OutPlace,
  { force }: Delivery,
  core: Core,
): Piece[] {
  const existing = force ? 'replace' : 'keep';
  if (
    parts.length === 0 &&
    output !== undefined &&
    place.kind !== 'run-folder' &&
    place.kind !== 'saved'
  ) {
    const fileName = 'answer.json';
    const save = (path: string) => core.saveOutput(runId, path, existing);
    const source = jsonText(output);
    return [{ name: 'answer', kind: 'json', source, fileName, ownName: fileName, save }];
  }
  return parts.map(({ name }, index) => {
    const part = core.part(runId, name);
    // Whoever wants sound wants to hear it; the array's own bytes stay in the run's folder.
    const as = part.array ? 'wav' : 'received';
    const extension = part.array ? 'wav' : part.kind.extension;
    return {
      name,
      kind: part.array ? 'wav' : (part.kind.format ?? part.kind.media),
      source: part.array ? new JoinedBytes(playable(part)) : part.source,
      fileName: suggestedName(part, as),
      ownName: `part-${index + 1}.${extension}`,
      // What is left in the run's folder anyway must not be written twice.
      save: (path) => core.savePart(part, as, path, existing, { share: true }),
    };
  });
}

/** One name that is taken does not keep the others from being saved. */
async function saveAll(
  pieces: Piece[],
  place: Exclude<OutPlace, { kind: 'stdout' }>,
  runId: string,
  { sha256 }: Delivery,
  { core, reporter }: Options,
): Promise<void> {
  if (place.kind === 'file' && pieces.length > 1) {
    throw tooMany(pieces, '--out names one file. Give a folder that exists.');
  }
  const failures: SoundpostError[] = [];
  const used = new Set<string>();
  for (const piece of pieces) {
    const path =
      place.kind === 'run-folder' || place.kind === 'saved'
        ? join(core.runFolder(runId), piece.ownName)
        : place.kind === 'folder'
          ? join(place.path, unusedName(`${place.prefix ?? ''}${piece.fileName}`, used))
          : place.path;
    try {
      await piece.save(path);
    } catch (error) {
      failures.push(named(path, error));
      continue;
    }
    const { name, kind, source } = piece;
    const hash = sha256 ? { sha256: await core.sha256(source) } : {};
    reporter.part({ name, path, bytes: source.size, kind, ...hash });
  }
  const [first] = failures;
  if (first) {
    const messages = failures.map(({ message }) => message).join('\n');
    throw new SoundpostError(first.code, messages, { cause: first });
  }
}

/** `a.txt`, then `a (2).txt`: also told apart by file systems that take `A` for `a`. */
function unusedName(name: string, used: Set<string>): string {
  const extension = extname(name);
  const base = name.slice(0, name.length - extension.length);
  let unused = name;
  for (let number = 2; used.has(same(unused)); number += 1) {
    unused = `${base} (${number})${extension}`;
  }
  used.add(same(unused));
  return unused;
}

const same = (name: string): string => name.normalize('NFC').toLowerCase();

function named(path: string, error: unknown): SoundpostError {
  if (!(error instanceof SoundpostError)) throw error;
  if (error.code === 'file_exists') return taken(path, error);
  return new SoundpostError(error.code, `${path}: ${error.message}`, { cause: error });
}

async function writeOne(pieces: Piece[], writeOut: Options['writeOut']): Promise<void> {
  const [piece, ...others] = pieces;
  if (others.length > 0) {
    throw tooMany(pieces, 'standard output takes one. Give a folder with --out.');
  }
  for (let offset = 0; piece && offset < piece.source.size; offset += COPY_BYTES) {
    await writeOut(await piece.source.read(offset, COPY_BYTES));
  }
}

function tooMany(pieces: Piece[], words: string): SoundpostError {
  return new SoundpostError(
    'invalid_request',
    `The answer has ${pieces.length} parts, and ${words}`,
  );
}
