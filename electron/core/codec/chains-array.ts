import { MemoryBytes } from '../files/byte-source.ts';
import { decodeBase64 } from './base64.ts';
import { Malformed } from './malformed.ts';
import { NumpyArray } from './numpy.ts';
import { Dictionary, type Value } from './value.ts';

/** numpy's own names of dtypes, which stand in JSON, as the strings that stand in msgpack. Chains write little-endian. */
const dtypes: Record<string, string> = {
  bool: '|b1',
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  uint16: '<u2',
  int32: '<i4',
  uint32: '<u4',
  int64: '<i8',
  uint64: '<u8',
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
  complex64: '<c8',
  complex128: '<c16',
};

/**
 * A JSON value with the numpy arrays that chains write as `{"data_b64", "shape", "dtype"}` (truss_chains,
 * pydantic_numpy.py) read as arrays. What does not fit stays the map that it is.
 */
export function withChainsArrays(value: Value): Value {
  if (Array.isArray(value)) return value.map(withChainsArrays);
  if (!(value instanceof Dictionary)) return value;
  return (
    arrayOf(value) ??
    new Dictionary(value.entries.map(([key, entry]) => [key, withChainsArrays(entry)]))
  );
}

function arrayOf(map: Dictionary): NumpyArray | null {
  const [data, dtype, shape] = ['data_b64', 'dtype', 'shape'].map((key) => map.get(key));
  if (map.entries.length !== 3 || typeof data !== 'string' || typeof dtype !== 'string')
    return null;
  const bytes = decodeBase64(data, 0);
  const type = dtypes[dtype];
  const isShape = Array.isArray(shape) && shape.every((length) => typeof length === 'number');
  if (!bytes || type === undefined || !isShape) return null;
  try {
    return NumpyArray.of(type, shape, new MemoryBytes(bytes));
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
