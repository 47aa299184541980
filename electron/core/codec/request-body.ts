import type { Field, Intent } from '../../contract/intent.ts';
import { MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { JsonError, readJson } from './json-read.ts';
import { writeJson } from './json-write.ts';
import { writeMsgpack } from './msgpack-write.ts';
import { Bytes, Dictionary, numberFromLiteral, type Value } from './value.ts';

/** A request's body, ready to be sent piece after piece; `length` is exact. */
export type RequestBody = {
  contentType: string;
  length: number;
  pieces: ByteSource[];
};

/** An input's bytes and the media type of what they are, for a body that is nothing but the file. */
export type FieldFile = { bytes: ByteSource; mediaType: string };

/**
 * Builds a request's body from its fields. One field without a name is the whole body by itself, for models that take a
 * bare value.
 * @throws SoundpostError `invalid_field`, `too_large`, and what `openFile` throws
 */
export async function requestBody(
  { body, fields }: Pick<Intent, 'body' | 'fields'>,
  openFile: (inputId: string) => Promise<FieldFile>,
): Promise<RequestBody> {
  if (body === 'raw') return rawBody(fields, openFile);
  const value = await messageValue(fields, openFile);
  if (body === 'json') return assemble('application/json', writeJson(value));
  // Exactly this text, without parameters: Truss before 0.18.24 compares it letter by letter.
  return assemble('application/octet-stream', writeMsgpack(value));
}

async function rawBody(
  fields: Field[],
  openFile: (inputId: string) => Promise<FieldFile>,
): Promise<RequestBody> {
  const files = fields.flatMap(({ value }) => (value.type === 'file' ? [value] : []));
  const [only] = files;
  if (fields.length !== 1 || only === undefined) {
    throw new SoundpostError(
      'invalid_field',
      'A raw body is the bytes of one file and nothing else. Leave one file field, or send msgpack or JSON.',
    );
  }
  const { bytes, mediaType } = await openFile(chosen(only.inputId, fields[0]?.name ?? ''));
  return assemble(mediaType, [bytes]);
}

async function messageValue(
  fields: Field[],
  openFile: (inputId: string) => Promise<FieldFile>,
): Promise<Value> {
  const entries: [string, Value][] = [];
  for (const field of fields) {
    if (entries.some(([name]) => name === field.name)) {
      throw invalid(field.name, 'stands there twice. Rename or remove one of them');
    }
    entries.push([field.name, await fieldValue(field, openFile)]);
  }
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === '') return first[1];
  if (entries.some(([name]) => name === '')) {
    throw new SoundpostError(
      'invalid_field',
      'A field has no name. Name it; only a field that is alone may go without, as the whole body.',
    );
  }
  return new Dictionary(entries);
}

async function fieldValue(
  { name, value }: Field,
  openFile: (inputId: string) => Promise<FieldFile>,
): Promise<Value> {
  switch (value.type) {
    case 'text':
      return value.text;
    case 'switch':
      return value.on;
    case 'number': {
      const number = numberFromLiteral(value.literal.trim());
      if (number === null)
        throw invalid(name, 'is not a number. Write it like 24000, -1.5 or 1e-3');
      return number;
    }
    case 'json':
      try {
        return readJson(value.text);
      } catch (error) {
        if (!(error instanceof JsonError)) throw error;
        throw invalid(name, `is not JSON: ${error.message}, at character ${error.position + 1}`);
      }
    case 'file':
      return new Bytes((await openFile(chosen(value.inputId, name))).bytes);
  }
}

function chosen(inputId: string | null, name: string): string {
  if (inputId === null)
    throw invalid(name, 'has no file yet. Drop one on the window or choose one');
  return inputId;
}

function invalid(name: string, problem: string): SoundpostError {
  return new SoundpostError('invalid_field', `The field “${name.slice(0, 80)}” ${problem}.`);
}

function assemble(contentType: string, pieces: (Uint8Array | ByteSource)[]): RequestBody {
  const sources = pieces.map((piece) =>
    piece instanceof Uint8Array ? new MemoryBytes(piece) : piece,
  );
  return {
    contentType,
    length: sources.reduce((sum, { size }) => sum + size, 0),
    pieces: sources,
  };
}
