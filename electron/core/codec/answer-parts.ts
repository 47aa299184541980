import { rateIn } from '../audio/array-sound.ts';
import { soundOf } from '../audio/kind.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { base64Head } from './base64.ts';
import { NumpyArray } from './numpy.ts';
import { textKey } from './output.ts';
import { Bytes, Dictionary, type Value } from './value.ts';

/** A value inside a message that stands for itself: bytes as they are, sound in a base64 text, or an array. */
export type FoundPart = {
  /** Where it was found, as `data[0].audio`; empty when it is the whole message. For people: long keys are cut. */
  path: string;
} & (
  | { kind: 'bytes'; leaf: number; source: ByteSource }
  | { kind: 'base64'; leaf: number; text: string }
  | { kind: 'array'; array: NumpyArray; rate: Value | undefined }
);

/** More parts than anybody looks at; the rest stays in the tree. */
const MOST_PARTS = 500;
const LONGEST_STEP = 80;
const LONGEST_PATH = 300;

/**
 * Finds every bytes value, every text that is base64 of a sound format and every array, at any depth and in order. `leaf`
 * is how many bytes values and texts come before one, keys not counted. `rate` is the sampling rate that the array's own
 * map names, or the nearest map around that.
 */
export function findParts(value: Value): FoundPart[] {
  const found: FoundPart[] = [];
  const add = (part: FoundPart): void => {
    if (found.length < MOST_PARTS) found.push(part);
  };
  eachLeaf(
    value,
    (item, path, leaf) => {
      if (found.length >= MOST_PARTS) return;
      if (item instanceof Bytes) {
        add({ path, leaf, kind: 'bytes', source: item.source });
      } else {
        const head = base64Head(item);
        if (head && soundOf(head)) add({ path, leaf, kind: 'base64', text: item });
      }
    },
    (array, path, rate) => {
      add({ path, kind: 'array', array, rate });
    },
  );
  return found;
}

/** Visits every bytes value and text in order, and every array, with what `FoundPart` has of them. */
export function eachLeaf(
  value: Value,
  visit: (item: Bytes | string, path: string, leaf: number) => void,
  visitArray?: (array: NumpyArray, path: string, rate: Value | undefined) => void,
): void {
  let leaves = 0;
  const walk = (item: Value, path: string, rate: Value | undefined): void => {
    if (item instanceof Bytes || typeof item === 'string') {
      visit(item, path, leaves++);
    } else if (item instanceof NumpyArray) {
      visitArray?.(item, path, rate);
    } else if (item instanceof Dictionary) {
      const own = rateIn(item) ?? rate;
      item.entries.forEach(([key, entry], index) => {
        const name = textKey(key) ?? String(index);
        walk(entry, step(path, path ? `.${clip(name)}` : clip(name)), own);
      });
    } else if (Array.isArray(item)) {
      item.forEach((entry, index) => {
        walk(entry, step(path, `[${index}]`), rate);
      });
    }
  };
  walk(value, '', undefined);
}

const clip = (name: string): string =>
  (name.length > LONGEST_STEP ? `${name.slice(0, LONGEST_STEP)}…` : name).toWellFormed();

const step = (path: string, next: string): string =>
  path.length + next.length > LONGEST_PATH ? path : path + next;
