import type { Field, FieldValue, Travel } from '../../contract/intent.ts';
import { samplesOf } from '../audio/samples.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { asDataUri, Base64Of } from './base64.ts';
import { invalidField } from './field-error.ts';
import { JsonError, readJson } from './json-read.ts';
import { Bytes, numberFromLiteral, TextBytes, type Value } from './value.ts';

/** An input: its bytes, the media type of what they are, and its name without a folder. */
export type FieldFile = { name: string; bytes: ByteSource; mediaType: string };

export type OpenFile = (inputId: string) => Promise<FieldFile>;

type FileValue = Extract<FieldValue, { type: 'file' }>;

/**
 * A field's value as it goes into a message.
 * @throws SoundpostError `invalid_field`, `needs_decoding`, and what `openFile` throws
 */
export async function fieldValue(
  { name, value }: Field,
  body: 'msgpack' | 'json',
  openFile: OpenFile,
): Promise<Value> {
  switch (value.type) {
    case 'text':
      return wholeCharacters(value.text, name);
    case 'switch':
      return value.on;
    case 'number':
      return numberOf(value.literal, name);
    case 'json':
      return jsonOf(value.text, name);
    case 'file':
      return fileValue(await openField(value, name, openFile), value.travel, { name, body });
  }
}

/** A field's value as the text that stands for it in a form. @throws SoundpostError `invalid_field` */
export function formText(value: Exclude<FieldValue, FileValue>, name: string): string {
  switch (value.type) {
    case 'text':
      return wholeCharacters(value.text, name);
    case 'switch':
      return String(value.on);
    case 'number':
      numberOf(value.literal, name);
      return value.literal.trim();
    case 'json':
      jsonOf(value.text, name);
      return wholeCharacters(value.text.trim(), name);
  }
}

/** The file that a field has. @throws SoundpostError `invalid_field` when it has none yet, and what `openFile` throws */
export async function openField(
  { inputId }: FileValue,
  name: string,
  openFile: OpenFile,
): Promise<FieldFile> {
  if (inputId !== null) return openFile(inputId);
  throw invalidField(name, 'has no file yet. Drop one on the window or choose one');
}

/** A file as the text that it travels as; null when it travels in another way. */
export function fileText({ bytes, mediaType }: FieldFile, travel: Travel): ByteSource | null {
  if (travel.as === 'base64') return new Base64Of(bytes);
  return travel.as === 'data-uri' ? asDataUri(bytes, mediaType) : null;
}

async function fileValue(
  file: FieldFile,
  travel: Travel = { as: 'auto' },
  { name, body }: { name: string; body: 'msgpack' | 'json' },
): Promise<Value> {
  if (travel.as === 'samples') {
    if (body === 'json') throw noSamples(name);
    return samplesOf(file.bytes, travel);
  }
  if (travel.as === 'bytes' && body === 'json') {
    throw invalidField(
      name,
      'is to travel as bytes, which JSON can’t hold. Send msgpack, or the file as base64',
    );
  }
  const text = fileText(file, travel.as === 'auto' && body === 'json' ? { as: 'base64' } : travel);
  return text ? new TextBytes(text) : new Bytes(file.bytes);
}

/** @throws SoundpostError `invalid_field` */
export const noSamples = (name: string) =>
  invalidField(
    name,
    'is to travel as samples, a numpy array, which only msgpack holds. Send msgpack, or the file as it is',
  );

function numberOf(literal: string, name: string): Value {
  const number = numberFromLiteral(literal.trim());
  if (number !== null) return number;
  throw invalidField(name, 'is not a number. Write it like 24000, -1.5 or 1e-3');
}

function jsonOf(text: string, name: string): Value {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw invalidField(name, `is not JSON: ${error.message}, at character ${error.position + 1}`);
  }
}

/** Half of a surrogate pair has no UTF-8, and Truss refuses what is not. */
function wholeCharacters(text: string, name: string): string {
  if (text.isWellFormed()) return text;
  throw invalidField(
    name,
    'holds half of a character and can’t be sent as UTF-8. Delete the broken character',
  );
}
