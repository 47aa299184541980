import type { PresetField } from '../../contract/preset.ts';
import { writeJson } from '../codec/json-write.ts';
import { Dictionary, Float, TrussValue, Extension, Bytes, type Value } from '../codec/value.ts';
import { SoundpostError } from '../soundpost-error.ts';
import type { ReadMessage } from './message-pieces.ts';

/** How a file travels when a form says nothing. */
const usual = { json: 'base64', msgpack: 'bytes' } as const;

/**
 * The fields that make a message. A map with a file in it becomes fields with its place in their names, since a file needs
 * a field of its own.
 * @throws SoundpostError `invalid_field` for what no field can hold
 */
export function messageFields(message: ReadMessage, body: 'json' | 'msgpack'): PresetField[] {
  const { value } = message;
  const field = (name: string, item: Value): PresetField[] => {
    const file = message.fileOf(item);
    if (file) {
      const travel = file.as === usual[body] ? {} : { travel: { as: file.as } };
      return [{ name, type: 'file', ...travel }];
    }
    if (name !== '' && holdsFile(item, message)) {
      if (Array.isArray(item)) return item.flatMap((each, at) => field(`${name}[${at}]`, each));
      if (item instanceof Dictionary) {
        return item.entries.flatMap(([key, each]) => field(`${name}[${keyOf(key)}]`, each));
      }
    }
    return [plainField(name, item)];
  };
  if (!(value instanceof Dictionary) || message.fileOf(value)) return field('', value);
  return value.entries.flatMap(([key, item]) => field(keyOf(key), item));
}

function plainField(name: string, value: Value): PresetField {
  if (typeof value === 'string') return { name, type: 'text', text: value };
  if (typeof value === 'boolean') return { name, type: 'switch', on: value };
  const text = jsonOf(value);
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || value instanceof Float;
  if (isNumber && /^-?\d/.test(text)) return { name, type: 'number', literal: text };
  return { name, type: 'json', text };
}

function jsonOf(value: Value): string {
  if (hasBytes(value)) throw notWritable();
  const pieces = writeJson(value).flatMap((piece) => (piece instanceof Uint8Array ? [piece] : []));
  return Buffer.concat(pieces).toString();
}

function hasBytes(value: Value): boolean {
  if (Array.isArray(value)) return value.some(hasBytes);
  if (value instanceof Dictionary) return value.entries.some((entry) => entry.some(hasBytes));
  return value instanceof Bytes || value instanceof Extension || value instanceof TrussValue;
}

function holdsFile(value: Value, message: ReadMessage): boolean {
  if (Array.isArray(value)) return value.some((item) => holdsFile(item, message));
  if (value instanceof Dictionary)
    return value.entries.some(([, item]) => holdsFile(item, message));
  return message.fileOf(value) !== null;
}

function keyOf(key: Value): string {
  if (typeof key === 'string') return key;
  throw notWritable();
}

const notWritable = (): SoundpostError =>
  new SoundpostError(
    'invalid_field',
    'The body of the command holds bytes that no field can show. Fill in the fields by hand.',
  );
