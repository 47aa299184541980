import type { OutputValue } from '../../contract/run.ts';
import { MemoryBytes } from '../files/byte-source.ts';
import { Bytes, Dictionary, Extension, Float, TrussValue, type Value } from './value.ts';

/**
 * A decoded value in the form that the page's tree and scripts read (see `OutputValue`). `partAt` tells the part that
 * the n-th bytes value or text became, counted as `findParts` does.
 */
export function toOutput(
  value: Value,
  partAt: (leaf: number) => { name: string; size: number } | undefined,
): OutputValue {
  let leaves = 0;
  const convert = (item: Value): OutputValue => {
    const isLeaf = item instanceof Bytes || typeof item === 'string';
    const part = isLeaf ? partAt(leaves++) : undefined;
    if (part) return { $type: 'bytes', length: part.size, part: part.name };
    if (item instanceof Dictionary) return dictionary(item, convert);
    if (Array.isArray(item)) return item.map(convert);
    return plain(item);
  };
  return convert(value);
}

/** What holds no other value. */
function plain(item: Exclude<Value, Value[] | Dictionary>): OutputValue {
  if (item instanceof Bytes) return { $type: 'bytes', length: item.source.size };
  if (item instanceof Float) return float(item.value);
  if (item instanceof TrussValue) return { $type: 'opaque' };
  if (item instanceof Extension) {
    return { $type: 'opaque', what: `msgpack extension ${item.code}`, length: item.data.length };
  }
  return typeof item === 'bigint' ? { $type: 'bigint', value: item.toString() } : item;
}

function float(value: number): OutputValue {
  if (Number.isFinite(value)) return value;
  return {
    $type: 'float',
    value: Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity',
  };
}

function dictionary({ entries }: Dictionary, convert: (item: Value) => OutputValue): OutputValue {
  const converted = entries.map(([key, value]) => {
    return { key, name: textKey(key), value: convert(value) };
  });
  const names = new Set(converted.map(({ name }) => name));
  // `__proto__` is a key like any other on the wire, but not in every reader of JSON.
  const isPlain =
    names.size === entries.length && !['$type', '__proto__', null].some((name) => names.has(name));
  if (!isPlain) {
    // Keys are values of their own kind here, but never parts.
    return {
      $type: 'map',
      entries: converted.map(({ key, value }) => [toOutput(key, () => undefined), value]),
    };
  }
  return Object.fromEntries(converted.map(({ name, value }) => [name ?? '', value]));
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
