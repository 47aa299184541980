import { kindOf } from '../audio/kind.ts';
import { findParts } from '../codec/answer-parts.ts';
import { decodeBase64 } from '../codec/base64.ts';
import { outputWarnings } from '../codec/output-warnings.ts';
import { toOutput } from '../codec/output.ts';
import type { NumpyArray } from '../codec/numpy.ts';
import type { Value } from '../codec/value.ts';
import type { ByteSource, FileSlice } from '../files/byte-source.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { StoredPart } from '../runs/runs.ts';
import { decodeEvents, eventParser } from './decode-events.ts';
import { JsonLines } from './event-stream.ts';
import { arrayPart } from './array-part.ts';
import { answerKind } from './headerless.ts';
import { rawAnswer } from './raw-answer.ts';
import { readMessage } from './read-message.ts';
import type { DecodedAnswer, Received } from './received.ts';
import { answerIsError, saidFailure } from './said-failure.ts';
import { soundPart, unusedName } from './sound-part.ts';

/**
 * Finds out what an answer is, by its bytes first and its headers second, and takes it apart. Whatever can't be decoded
 * stays whole as raw bytes, and what was cut short gives what came.
 */
export async function decodeAnswer(received: Received): Promise<DecodedAnswer> {
  const { file, isStream } = received;
  if (file.size === 0) {
    const warning = isStream
      ? 'The stream ended without a single byte. A model that fails before its first chunk looks like this; its logs say why.'
      : 'The answer is empty.';
    return { parts: [], warnings: [warning] };
  }
  const kind = await answerKind(received);
  const parser = await eventParser(received, kind);
  if (parser) return decodeEvents(received, kind, parser);
  const { value, isLines, warnings } = await readMessage(received, kind);
  if (isLines) return decodeEvents(received, kind, new JsonLines());
  const decoded =
    value === undefined ? await rawAnswer(received, kind) : await decodeMessage(value, received);
  return { ...decoded, warnings: [...warnings, ...decoded.warnings] };
}

async function decodeMessage(
  value: Value,
  { folder, hashes }: Pick<Received, 'folder' | 'hashes'>,
): Promise<DecodedAnswer> {
  const parts: StoredPart[] = [];
  const warnings: string[] = [];
  const partAt = new Map<number, { name: string; size: number; source: ByteSource }>();
  const arrays = new Map<NumpyArray, string>();
  for (const found of findParts(value)) {
    if (found.kind === 'array') {
      const part = await arrayPart(unusedName(found.path || 'answer', parts), found);
      if (part) {
        parts.push(part);
        arrays.set(found.array, part.name);
      }
      continue;
    }
    const source = found.kind === 'bytes' ? found.source : await decodedFile(found.text, folder);
    if (!source) continue;
    const name = unusedName(found.path || 'answer', parts);
    partAt.set(found.leaf, { name, size: source.size, source });
    const { part, warning } = await soundPart(name, source, await kindOf(source));
    parts.push(part);
    if (warning) warnings.push(`${name}: ${warning}`);
  }
  const said = saidFailure(value);
  // A model that gives sound and a complaint did not fail.
  if (said !== null && parts.length > 0) warnings.push(`The model says: ${said}`);
  const output = await toOutput(value, {
    partAt: (leaf) => partAt.get(leaf),
    partOf: (array) => arrays.get(array),
    hashes,
  });
  return {
    parts,
    ...output,
    warnings: [...outputWarnings(output), ...warnings],
    ...(said !== null && parts.length === 0 ? { failure: answerIsError(said) } : {}),
  };
}

async function decodedFile(text: string, folder: RunFolder): Promise<FileSlice | null> {
  const bytes = decodeBase64(text);
  return bytes && folder.writeTransformed(bytes);
}
