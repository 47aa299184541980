import type { Field, Intent } from '../../contract/intent.ts';
import { Joined, MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { invalidField } from './field-error.ts';
import { nestFields } from './field-path.ts';
import {
  fieldValue,
  fileText,
  formText,
  noSamples,
  openField,
  type OpenFile,
} from './field-value.ts';
import { writeJson } from './json-write.ts';
import { writeMsgpack } from './msgpack-write.ts';
import { writeMultipart, type FormPart } from './multipart.ts';
import type { Value } from './value.ts';

/** A request's body, ready to be sent piece after piece; `length` is exact. */
export type RequestBody = {
  contentType: string;
  length: number;
  pieces: ByteSource[];
};

/**
 * Builds a request's body from its fields; no file is read. One field without a name is the whole body by itself, for
 * models that take a bare value.
 * @throws SoundpostError `invalid_field`, `too_large`, and what `openFile` throws
 */
export async function requestBody(
  { body, fields }: Pick<Intent, 'body' | 'fields'>,
  openFile: OpenFile,
): Promise<RequestBody> {
  switch (body) {
    case 'raw':
      return rawBody(fields, openFile);
    case 'multipart':
      return formBody(fields, openFile);
    case 'json':
      return assemble('application/json', writeJson(await messageOf(fields, body, openFile)));
    case 'msgpack':
      // Exactly this text, without parameters: Truss before 0.18.24 compares it letter by letter.
      return assemble(
        'application/octet-stream',
        writeMsgpack(await messageOf(fields, body, openFile)),
      );
  }
}

async function rawBody(fields: Field[], openFile: OpenFile): Promise<RequestBody> {
  const [field] = fields;
  if (fields.length !== 1 || field?.value.type !== 'file') {
    throw new SoundpostError(
      'invalid_field',
      'A raw body is the bytes of one file and nothing else. Leave one file field, or send msgpack or JSON.',
    );
  }
  const { name, value } = field;
  const { as = 'auto' } = value.travel ?? {};
  if (as !== 'auto' && as !== 'bytes') {
    throw invalidField(name, `can’t travel as ${as} in a raw body, which is the file as it is`);
  }
  const { bytes, mediaType } = await openField(value, name, openFile);
  return assemble(mediaType, [bytes]);
}

async function formBody(fields: Field[], openFile: OpenFile): Promise<RequestBody> {
  const { boundary, pieces } = writeMultipart(await formParts(fields, openFile));
  return assemble(`multipart/form-data; boundary=${boundary}`, pieces);
}

/**
 * The parts of the form that the fields make.
 * @throws SoundpostError `invalid_field`, and what `openFile` throws
 */
export async function formParts(fields: Field[], openFile: OpenFile): Promise<FormPart[]> {
  const parts: FormPart[] = [];
  for (const field of fields) {
    if (field.name === '') throw nameless();
    parts.push(await formPart(field, openFile));
  }
  return parts;
}

async function formPart({ name, value }: Field, openFile: OpenFile): Promise<FormPart> {
  if (value.type !== 'file') {
    return { name, content: new MemoryBytes(new TextEncoder().encode(formText(value, name))) };
  }
  const { travel = { as: 'auto' } } = value;
  if (travel.as === 'samples') throw noSamples(name);
  const file = await openField(value, name, openFile);
  const text = fileText(file, travel);
  return text ? { name, content: text } : { name, content: file.bytes, file };
}

/**
 * The message that the fields make, which msgpack or JSON then writes.
 * @throws SoundpostError `invalid_field`, `needs_decoding`, and what `openFile` throws
 */
export async function messageOf(
  fields: Field[],
  body: 'msgpack' | 'json',
  openFile: OpenFile,
): Promise<Value> {
  const entries: [string, Value][] = [];
  for (const field of fields) {
    entries.push([field.name, await fieldValue(field, body, openFile)]);
  }
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === '') return first[1];
  if (entries.some(([name]) => name === '')) throw nameless();
  return nestFields(entries);
}

const nameless = (): SoundpostError =>
  new SoundpostError(
    'invalid_field',
    'A field has no name. Name it; only a field that is alone may go without, as the whole of a msgpack or JSON body.',
  );

function assemble(contentType: string, pieces: (Uint8Array | ByteSource)[]): RequestBody {
  const sources = pieces.flatMap((piece): readonly ByteSource[] => {
    if (piece instanceof Uint8Array) return [new MemoryBytes(piece)];
    return piece instanceof Joined ? piece.sources : [piece];
  });
  return {
    contentType,
    length: sources.reduce((sum, { size }) => sum + size, 0),
    pieces: sources,
  };
}
