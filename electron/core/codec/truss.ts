import { Malformed } from './malformed.ts';
import { NumpyArray, NumpyObjects, NumpyScalar } from './numpy.ts';
import { holdsObjects, readDtype } from './numpy-dtype.ts';
import { TrussKeyBytes, trussMarkers, type TrussKey, type TrussMarker } from './truss-keys.ts';
import { Complex, Timedelta } from './truss-number.ts';
import { TrussText } from './truss-text.ts';
import { Dictionary, type TrussValue, type Value } from './value.ts';

type Found = Partial<Record<TrussKey, Value>>;

/** What each marker says, in words. */
const typeNames: Readonly<Record<TrussMarker, string>> = {
  __dt_datetime_iso__: 'datetime',
  __dt_date_iso__: 'date',
  __dt_time_iso__: 'time',
  __dt_timedelta__: 'timedelta',
  __decimal__: 'decimal',
  __uuid__: 'UUID',
  nd: 'numpy value',
  complex: 'complex number',
};

/**
 * The value that a map stands for, if it is marked as one of Truss's types (`templates/shared/serialization.py`, and
 * msgpack_numpy behind it). Only bytes keys mark; a marker's own value and the keys' order do not matter. As in Python,
 * a map that lacks what its type needs stays a map; where Python would fail, it stays a map with its flaw.
 */
export function readTruss(map: Dictionary): Dictionary | TrussValue {
  const found: Found = {};
  for (const [key, value] of map.entries) {
    if (key instanceof TrussKeyBytes) found[key.name] = value;
  }
  const marker = trussMarkers.find((name) => found[name] !== undefined);
  if (marker === undefined || found.data === undefined) return map;
  try {
    return readMarked(marker, found.data, found, map);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return new Dictionary(map.entries, `marked as a ${typeNames[marker]}, but ${error.message}`);
  }
}

function readMarked(
  marker: TrussMarker,
  data: Value,
  found: Found,
  map: Dictionary,
): Dictionary | TrussValue {
  switch (marker) {
    case '__dt_datetime_iso__':
      return TrussText.read('datetime', data, map);
    case '__dt_date_iso__':
      return TrussText.read('date', data, map);
    case '__dt_time_iso__':
      return TrussText.read('time', data, map);
    case '__dt_timedelta__':
      return new Timedelta(data, map);
    case '__decimal__':
      return TrussText.read('decimal', data, map);
    case '__uuid__':
      return TrussText.read('uuid', data, map);
    case 'nd':
      return readNumpy(data, found, map);
    case 'complex':
      return new Complex(data, map);
  }
}

/** Exactly `true` means an array, anything else a scalar. */
function readNumpy(
  data: Value,
  { nd, type, shape }: Found,
  map: Dictionary,
): Dictionary | TrussValue {
  if (type === undefined) return map;
  const dtype = readDtype(type);
  if (holdsObjects(dtype)) return new NumpyObjects(map, data);
  if (nd !== true) return new NumpyScalar(map, dtype, data);
  return shape === undefined ? map : NumpyArray.read(map, dtype, shape, data);
}
