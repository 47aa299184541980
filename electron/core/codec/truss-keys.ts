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

const keys = new Map<string, Bytes>(
  [...trussMarkers, ...fields].map((name) => {
    return [name, new Bytes(new MemoryBytes(new TextEncoder().encode(name)))];
  }),
);
const names = new Map([...keys].map(([name, key]) => [key, name as TrussKey]));
const longest = Math.max(...[...keys.keys()].map((name) => name.length));

/** The one `Bytes` that stands for a key of Truss's, so that such keys cost nothing and are told apart at once. */
export function trussKey(window: Buffer, start: number, length: number): Bytes | undefined {
  return length > longest ? undefined : keys.get(window.toString('latin1', start, start + length));
}

/** A key to be written. */
export function ourKey(name: TrussKey): Bytes {
  const key = keys.get(name);
  if (!key) throw new Error(`${name} is no key of Truss`);
  return key;
}

/** The name of a key that `trussKey` gave. */
export function trussKeyName(key: unknown): TrussKey | undefined {
  return names.get(key as Bytes);
}
