import { soundOf } from '../audio/kind.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { base64Head } from './base64.ts';
import { textKey } from './output.ts';
import { Bytes, Dictionary, type Value } from './value.ts';

/** A value inside a message that stands for itself: bytes as they are, or sound in a base64 text. */
export type FoundPart = {
  /** Where it was found, as `data[0].audio`; empty when it is the whole message. For people: long keys are cut. */
  path: string;
  /** How many bytes values and texts come before it, keys not counted: what it is known by. */
  leaf: number;
} & ({ kind: 'bytes'; source: ByteSource } | { kind: 'base64'; text: string });

/** More parts than anybody looks at; the rest stays in the tree. */
const MOST_PARTS = 500;
const LONGEST_STEP = 80;
const LONGEST_PATH = 300;

/** Finds every bytes value, and every text that is base64 of a sound format, at any depth and in order. */
export function findParts(value: Value): FoundPart[] {
  const found: FoundPart[] = [];
  eachLeaf(value, (item, path, leaf) => {
    if (found.length >= MOST_PARTS) return;
    if (item instanceof Bytes) {
      found.push({ path, leaf, kind: 'bytes', source: item.source });
    } else {
      const head = base64Head(item);
      if (head && soundOf(head)) found.push({ path, leaf, kind: 'base64', text: item });
    }
  });
  return found;
}

/** Visits every bytes value and text in order, with its path and its number as `FoundPart` has them. */
export function eachLeaf(
  value: Value,
  visit: (item: Bytes | string, path: string, leaf: number) => void,
): void {
  let leaves = 0;
  const walk = (item: Value, path: string): void => {
    if (item instanceof Bytes || typeof item === 'string') {
      visit(item, path, leaves++);
    } else if (item instanceof Dictionary) {
      item.entries.forEach(([key, entry], index) => {
        const name = textKey(key) ?? String(index);
        walk(entry, step(path, path ? `.${clip(name)}` : clip(name)));
      });
    } else if (Array.isArray(item)) {
      item.forEach((entry, index) => {
        walk(entry, step(path, `[${index}]`));
      });
    }
  };
  walk(value, '');
}

const clip = (name: string): string =>
  (name.length > LONGEST_STEP ? `${name.slice(0, LONGEST_STEP)}…` : name).toWellFormed();

const step = (path: string, next: string): string =>
  path.length + next.length > LONGEST_PATH ? path : path + next;
