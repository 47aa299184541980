import type { OutputValue } from '../../contract/run.ts';
import { Malformed } from './malformed.ts';
import type { Value } from './value.ts';

/** numpy's letter: bool, int, unsigned, float, complex, byte text, Unicode text (UCS-4), void or structured, object. */
type DtypeKind = 'b' | 'i' | 'u' | 'f' | 'c' | 'S' | 'U' | 'V' | 'O';

/** What the bytes of one item of a numpy array are. */
export type Dtype = {
  /** In JSON: numpy's string, or the list of `[name, descr, shape?]` of a structured dtype. */
  readonly descr: OutputValue;
  readonly kind: DtypeKind;
  readonly isLittleEndian: boolean;
  readonly itemBytes: number;
  /** Of a structured dtype alone, in their order. */
  readonly fields?: readonly DtypeField[];
};

type DtypeField = {
  readonly name: string;
  readonly dtype: Dtype;
  /** Empty for a single value. */
  readonly shape: readonly number[];
  /** In bytes from the item's start. */
  readonly offset: number;
};

/** numpy's limit is 32; version 2 has 64. */
const MOST_DIMENSIONS = 64;

/** numpy's one-letter codes and names, as 64-bit Linux means them. */
const names: Readonly<Record<string, string>> = {
  ...{ '?': 'b1', b: 'i1', B: 'u1', h: 'i2', H: 'u2', i: 'i4', I: 'u4', l: 'i8', L: 'u8' },
  ...{ q: 'i8', Q: 'u8', p: 'i8', P: 'u8', e: 'f2', f: 'f4', d: 'f8', g: 'f16' },
  ...{ F: 'c8', D: 'c16', G: 'c32', O: 'O8', S: 'S0', U: 'U0', V: 'V0' },
  ...{ bool: 'b1', int8: 'i1', int16: 'i2', int32: 'i4', int64: 'i8', int: 'i8' },
  ...{ uint8: 'u1', uint16: 'u2', uint32: 'u4', uint64: 'u8', float16: 'f2', float32: 'f4' },
  ...{ float64: 'f8', float: 'f8', complex64: 'c8', complex128: 'c16', complex: 'c16' },
  ...{ longdouble: 'f16', float128: 'f16', object: 'O8' },
};

/** How long an item of each kind of fixed length may be, in bytes. */
const widths: Readonly<Record<string, readonly number[]>> = {
  ...{ b: [1], i: [1, 2, 4, 8], u: [1, 2, 4, 8], O: [4, 8] },
  // 12 and 16 are the long double of x86.
  ...{ f: [2, 4, 8, 12, 16], c: [8, 16, 24, 32] },
};

/** Most messages hold one or two dtypes, and many arrays. */
const known = new Map<string, Dtype>();
const MOST_KNOWN = 256;

/** Reads a dtype as it lies in a message. @throws Malformed */
export function readDtype(type: Value): Dtype {
  if (typeof type === 'string') return simpleDtype(type);
  if (Array.isArray(type)) return structuredDtype(type);
  throw new Malformed('its dtype is neither a text nor a list');
}

function simpleDtype(text: string): Dtype {
  const before = known.get(text);
  if (before) return before;
  const [, order = '', rest = ''] = /^([<>|=]?)(.*)$/s.exec(text) ?? [];
  const named = Object.hasOwn(names, rest) ? names[rest] : rest;
  const [, letter = '', digits = ''] = /^([a-zA-Z])([0-9]{1,10})?$/.exec(named ?? '') ?? [];
  const size = Number(digits || (letter === 'O' ? 8 : NaN));
  const isText = letter === 'S' || letter === 'U' || letter === 'V';
  if (Number.isNaN(size) || !(isText || widths[letter]?.includes(size))) {
    throw new Malformed(`“${text.slice(0, 40)}” is no dtype that is known`);
  }
  const dtype: Dtype = {
    descr: text,
    kind: letter as DtypeKind,
    isLittleEndian: order !== '>',
    itemBytes: letter === 'U' ? size * 4 : size,
  };
  if (known.size < MOST_KNOWN) known.set(text, dtype);
  return dtype;
}

function structuredDtype(list: Value[]): Dtype {
  const fields: DtypeField[] = [];
  let offset = 0;
  for (const [index, entry] of list.entries()) {
    const field = readField(entry, index, offset);
    offset += productOf(field.shape) * field.dtype.itemBytes;
    if (!Number.isSafeInteger(offset)) throw new Malformed('an item of its dtype is too large');
    fields.push(field);
  }
  const descr = fields.map(({ name, dtype, shape }, index) => {
    const written = writtenName(list[index], name);
    return shape.length === 0 ? [written, dtype.descr] : [written, dtype.descr, [...shape]];
  });
  return { descr, kind: 'V', isLittleEndian: true, itemBytes: offset, fields };
}

function readField(entry: Value, index: number, offset: number): DtypeField {
  const [name, type, shape] = Array.isArray(entry) ? entry : [];
  // Padding has no name; numpy calls it by its place.
  if (typeof name !== 'string' || type === undefined) {
    throw new Malformed('a field of its dtype has no name or no dtype');
  }
  return {
    name: name || `f${index}`,
    dtype: readDtype(type),
    shape: shape === undefined ? [] : readShape(shape),
    offset,
  };
}

function writtenName(entry: Value | undefined, name: string): string {
  return Array.isArray(entry) && entry[0] === '' ? '' : name;
}

/** Reads the lengths of an array's dimensions. @throws Malformed */
export function readShape(shape: Value): number[] {
  if (!Array.isArray(shape)) throw new Malformed('its shape is not a list');
  if (shape.length > MOST_DIMENSIONS) throw new Malformed('it has too many dimensions');
  const lengths: number[] = [];
  for (const length of shape) {
    if (typeof length !== 'number' || length < 0) {
      throw new Malformed('its shape holds something that is no length');
    }
    lengths.push(length);
  }
  if (!Number.isSafeInteger(productOf(lengths))) throw new Malformed('its shape is too large');
  return lengths;
}

/** How many items a shape holds: 1 without any dimension. */
export function productOf(shape: readonly number[]): number {
  let product = 1;
  for (const length of shape) {
    if (length === 0) return 0;
    product *= length;
  }
  return product;
}

/** Whether any of it is a Python object. */
export function holdsObjects({ kind, fields = [] }: Dtype): boolean {
  return kind === 'O' || fields.some(({ dtype }) => holdsObjects(dtype));
}
