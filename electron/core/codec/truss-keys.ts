import { MemoryBytes } from '../files/byte-source.ts';
import { Bytes } from './value.ts';

/** Every key that Truss's and msgpack_numpy's maps know, in the order in which they look for markers. */
export const trussMarkers = [
  '__dt_datetime_iso__',
  '__dt_date_iso__',
  '__dt_time_iso__',
  '__dt_timedelta__',
  '__decimal__',
  '__uuid__',
  'nd',
  'complex',
] as const;
const fields = ['data', 'type', 'kind', 'shape'] as const;

export type TrussMarker = (typeof trussMarkers)[number];
export type TrussKey = TrussMarker | (typeof fields)[number];

/** A key of Truss's maps. There is one of each, so that they cost nothing and are told apart at once. */
export class TrussKeyBytes extends Bytes {
  readonly name: TrussKey;
  readonly bytes: Uint8Array;

  constructor(name: TrussKey) {
    const bytes = new TextEncoder().encode(name);
    super(new MemoryBytes(bytes));
    this.name = name;
    this.bytes = bytes;
  }
}

const keys = [...trussMarkers, ...fields].map((name) => new TrussKeyBytes(name));
const byLength = Map.groupBy(keys, ({ bytes }) => bytes.length);

/** The key that these bytes are, if they are one. */
export function trussKey(
  window: Uint8Array,
  start: number,
  length: number,
): TrussKeyBytes | undefined {
  return byLength
    .get(length)
    ?.find(({ bytes }) => bytes.every((byte, at) => byte === window[start + at]));
}

/** A key to be written. */
export function ourKey(name: TrussKey): Bytes {
  const key = keys.find((known) => known.name === name);
  if (!key) throw new Error(`${name} is no key of Truss`);
  return key;
}
