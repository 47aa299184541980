import type { ByteSource } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { Base64Of } from './base64.ts';
import { Bytes, Dictionary, Extension, Float, TextBytes, TrussValue, type Value } from './value.ts';

/**
 * Writes a value as JSON. Bytes become base64 texts that are encoded while they are sent. Floats keep a decimal point,
 * so that Python reads `1.0` and not `1`.
 * @throws SoundpostError `invalid_field` for what JSON can't hold
 */
export function writeJson(value: Value): (Uint8Array | ByteSource)[] {
  const pieces: (Uint8Array | ByteSource)[] = [];
  let text = '';
  const flush = (): void => {
    if (text) pieces.push(new TextEncoder().encode(text));
    text = '';
  };

  const write = (item: Value): void => {
    if (item instanceof Bytes) {
      text += '"';
      flush();
      pieces.push(item instanceof TextBytes ? item.source : new Base64Of(item.source));
      text = '"';
    } else if (item instanceof Dictionary) {
      text += '{';
      item.entries.forEach(([key, entry], index) => {
        text += `${index ? ',' : ''}${JSON.stringify(textKey(key))}:`;
        write(entry);
      });
      text += '}';
    } else if (Array.isArray(item)) {
      text += '[';
      item.forEach((entry, index) => {
        if (index) text += ',';
        write(entry);
      });
      text += ']';
    } else {
      text += scalar(item);
    }
  };

  write(value);
  flush();
  return pieces;
}

function scalar(value: Exclude<Value, Bytes | Dictionary | Value[]>): string {
  if (value instanceof Float) return floatLiteral(value.value);
  if (value instanceof Extension || value instanceof TrussValue) {
    throw new SoundpostError(
      'invalid_field',
      'JSON can’t hold a value of this type. Send msgpack.',
    );
  }
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
}

/** Python's spelling, for the values that JSON has no word for. */
function floatLiteral(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  }
  if (Object.is(value, -0)) return '-0.0';
  const literal = String(value);
  return /[.e]/.test(literal) ? literal : `${literal}.0`;
}

function textKey(key: Value): string {
  if (typeof key === 'string') return key;
  throw new SoundpostError('invalid_field', 'JSON keys are texts only. Send msgpack.');
}
