import type { ByteSource } from '../files/byte-source.ts';

/**
 * A message's value, with what JavaScript alone would forget: whether a number was an integer or a float, a map's order
 * and its keys of any kind, and bytes that stay on disk. `number` holds safe integers only.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | Float
  | string
  | Bytes
  | Extension
  | Value[]
  | Dictionary
  | TrussValue;

/** A floating-point number, so that `1.0` is not sent or shown as the integer 1. */
export class Float {
  readonly value: number;
  /** As it is written. Python writes 64 always; other servers may send 32. */
  readonly bits: 32 | 64;

  constructor(value: number, bits: 32 | 64 = 64) {
    this.value = value;
    this.bits = bits;
  }
}

/** Bytes of any size, in memory or in a file. */
export class Bytes {
  readonly source: ByteSource;

  constructor(source: ByteSource) {
    this.source = source;
  }
}

/**
 * Bytes that are UTF-8 text already and are written as a text: a file's base64, made while it is sent. They hold nothing
 * that JSON would escape.
 */
export class TextBytes extends Bytes {}

/** A msgpack extension value. Truss itself sends none; other servers may. */
export class Extension {
  readonly code: number;
  readonly data: ByteSource;

  constructor(code: number, data: ByteSource) {
    this.code = code;
    this.data = data;
  }
}

/** A map in its own order. Keys may be of any kind and may repeat, as they do on the wire. */
export class Dictionary {
  readonly entries: readonly (readonly [Value, Value])[];
  /** What is wrong, when it is marked as a Truss type and is none. Completes “This is …”. */
  readonly flaw: string | undefined;

  constructor(entries: readonly (readonly [Value, Value])[], flaw?: string) {
    this.entries = entries;
    this.flaw = flaw;
  }

  /** The value under a text key; the last one wins, as in Python. */
  get(key: string): Value | undefined {
    return this.entries.findLast(([name]) => name === key)?.[1];
  }
}

/** A value of a type that msgpack lacks: a date, a decimal, a numpy array. See `truss.ts` and `numpy.ts` for all of them. */
export abstract class TrussValue {
  /** What stands for it on the wire, as it came: its own key order, marker and text. */
  readonly wire: Dictionary | Extension;

  constructor(wire: Dictionary | Extension) {
    this.wire = wire;
  }
}

/** The number that a literal's text means: `1` an integer, `1.0` and `1e3` floats. Null when it is no JSON number. */
export function numberFromLiteral(literal: string): number | bigint | Float | null {
  if (!/^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(literal)) return null;
  if (/[.eE]/.test(literal)) return new Float(Number(literal));
  // JSON has a minus zero, integers have none.
  if (literal === '-0') return new Float(-0);
  const integer = Number(literal);
  return Number.isSafeInteger(integer) ? integer : BigInt(literal);
}
