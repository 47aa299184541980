import { soundOf } from '../audio/kind.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { base64Head } from './base64.ts';
import { childPath, textKey } from './output.ts';
import { Bytes, Dictionary, type Value } from './value.ts';

/** A value inside a message that stands for itself: bytes as they are, or sound in a base64 text. */
export type FoundPart = {
  /** Where it was found, as `data[0].audio`; empty when it is the whole message. */
  path: string;
} & ({ kind: 'bytes'; source: ByteSource } | { kind: 'base64'; text: string });

/** More parts than anybody looks at; the rest stays in the tree. */
const MOST_PARTS = 500;

/** Finds every bytes value, and every text that is base64 of a sound format, at any depth and in order. */
export function findParts(value: Value): FoundPart[] {
  const found: FoundPart[] = [];
  const walk = (item: Value, path: string): void => {
    if (found.length >= MOST_PARTS) return;
    if (item instanceof Bytes) {
      found.push({ path, kind: 'bytes', source: item.source });
    } else if (typeof item === 'string') {
      const head = base64Head(item);
      if (head && soundOf(head)) {
        found.push({ path, kind: 'base64', text: item });
      }
    } else if (item instanceof Dictionary) {
      item.entries.forEach(([key, entry], index) => {
        walk(entry, childPath(path, textKey(key) ?? String(index)));
      });
    } else if (Array.isArray(item)) {
      item.forEach((entry, index) => {
        walk(entry, `${path}[${index}]`);
      });
    }
  };
  walk(value, '');
  return found;
}
