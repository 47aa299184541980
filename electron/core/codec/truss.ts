import { Malformed } from './malformed.ts';
import { MemoryBytes } from '../files/byte-source.ts';
import { NumpyArray, NumpyObjects, NumpyScalar } from './numpy.ts';
import { Bytes, Dictionary, type TrussValue, type Value } from './value.ts';

/**
 * The value that a map stands for, if it is marked as one of Truss's types (`templates/shared/serialization.py`, with
 * msgpack_numpy). Only bytes keys mark; a marker's own value does not matter, nor does the order. A map that lacks what
 * its type needs stays a map, as in Python; one where Python would fail stays a map with its flaw.
 */
export function readTruss(map: Dictionary): Dictionary | TrussValue {
  const keys = bytesKeys(map);
  if (!keys.has('nd')) return map;
  try {
    return readNumpy(map, keys) ?? map;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return new Dictionary(map.entries, `It is marked as a numpy array, but ${error.message}.`);
  }
}

function readNumpy(map: Dictionary, keys: Map<string, Value>): TrussValue | null {
  const [type, data, shape] = ['type', 'data', 'shape'].map((name) => keys.get(name));
  if (type === undefined || data === undefined) return null;
  if (keys.get('nd') !== true) return new NumpyScalar(map, type, data);
  const kind = keys.get('kind');
  if (kind instanceof Bytes && textOf(kind) === 'O') return new NumpyObjects(map, data);
  return shape === undefined ? null : NumpyArray.read(map, type, shape, data);
}

function bytesKeys(map: Dictionary): Map<string, Value> {
  return new Map(
    map.entries.flatMap(([key, value]) => {
      return key instanceof Bytes ? [[textOf(key) ?? '', value] as const] : [];
    }),
  );
}

function textOf({ source }: Bytes): string | null {
  return source instanceof MemoryBytes ? new TextDecoder('latin1').decode(source.bytes) : null;
}
