import type { OutputValue } from '../../contract/run.ts';
import { MemoryBytes } from '../files/byte-source.ts';
import { Bytes, Dictionary, Extension, Float, type Value } from './value.ts';

/**
 * A decoded value in the form that the page's tree and scripts read (see `OutputValue`). `partAt` names the part that
 * the bytes or base64 text found at a path became.
 */
export function toOutput(
  value: Value,
  partAt: (path: string) => { name: string; size: number } | undefined,
): OutputValue {
  const convert = (item: Value, path: string): OutputValue => {
    const part = item instanceof Bytes || typeof item === 'string' ? partAt(path) : undefined;
    if (part) return { $type: 'bytes', length: part.size, part: part.name };
    if (item instanceof Bytes) return { $type: 'bytes', length: item.source.size };
    if (item instanceof Dictionary) return dictionary(item, path, convert);
    if (Array.isArray(item)) return item.map((entry, index) => convert(entry, `${path}[${index}]`));
    if (item instanceof Float) return float(item.value);
    if (item instanceof Extension) {
      return { $type: 'opaque', what: `msgpack extension ${item.code}`, length: item.data.length };
    }
    return typeof item === 'bigint' ? { $type: 'bigint', value: item.toString() } : item;
  };
  return convert(value, '');
}

function float(value: number): OutputValue {
  if (Number.isFinite(value)) return value;
  return {
    $type: 'float',
    value: Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity',
  };
}

function dictionary(
  { entries }: Dictionary,
  path: string,
  convert: (item: Value, path: string) => OutputValue,
): OutputValue {
  const converted = entries.map(([key, value], index) => {
    const name = textKey(key);
    return { key, name, value: convert(value, childPath(path, name ?? String(index))) };
  });
  const names = new Set(converted.map(({ name }) => name));
  const isPlain = names.size === entries.length && !names.has(null) && !names.has('$type');
  if (!isPlain) {
    return {
      $type: 'map',
      entries: converted.map(({ key, value }) => [convert(key, `${path}.key`), value]),
    };
  }
  // No prototype, so that a key like `__proto__` is a key like any other.
  const plain: Record<string, OutputValue> = Object.create(null) as Record<string, never>;
  for (const { name, value } of converted) if (name !== null) plain[name] = value;
  return plain;
}

/** A key as text: itself, or its bytes when they are UTF-8. Null when it is neither. */
export function textKey(key: Value): string | null {
  if (typeof key === 'string') return key;
  if (!(key instanceof Bytes && key.source instanceof MemoryBytes)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(key.source.bytes);
  } catch {
    return null;
  }
}

/** How a value inside another is called: `data[0].audio`. */
export const childPath = (path: string, name: string): string => (path ? `${path}.${name}` : name);
