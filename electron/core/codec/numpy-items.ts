import type { OutputValue } from '../../contract/run.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { productOf, type Dtype } from './numpy-dtype.ts';
import { complexForm, floatForm, integerForm, textOrBytes } from './output-forms.ts';

/** How many items of an array are told. */
const MOST_ITEMS = 1000;
/** What they may come to when one item is itself large, in values and in bytes. */
const MOST_VALUES = 100_000;
const MOST_BYTES = 1024 * 1024;

/** How many items of a dtype are told at most: none, when one alone is too large. */
export function mostItems(dtype: Dtype): number {
  const byValues = Math.floor(MOST_VALUES / valuesIn(dtype));
  return Math.min(MOST_ITEMS, byValues, Math.floor(MOST_BYTES / dtype.itemBytes));
}

/** The first `count` items, in the form of `OutputValue`. */
export async function readItems(
  data: ByteSource,
  count: number,
  dtype: Dtype,
): Promise<OutputValue[]> {
  if (count === 0) return [];
  const bytes = await data.read(0, count * dtype.itemBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: count }, (_, index) =>
    itemForm(view, index * dtype.itemBytes, dtype),
  );
}

/**
 * The item of a dtype that begins at `at`, in the form of `OutputValue`. A structured item is the list of its fields, padding
 * included, as numpy's own `tolist` has it; the dtype beside it names them. Long doubles are those of x86, rounded to
 * a float64, since that is what Truss's servers run on.
 */
function itemForm(view: DataView, at: number, dtype: Dtype): OutputValue {
  const { kind, isLittleEndian, itemBytes, fields } = dtype;
  switch (kind) {
    case 'b':
      return view.getUint8(at) !== 0;
    case 'i':
    case 'u':
      return integerForm(integerAt(view, at, dtype));
    case 'f':
      return floatForm(floatAt(view, at, itemBytes, isLittleEndian));
    case 'c': {
      const half = itemBytes / 2;
      const re = floatAt(view, at, half, isLittleEndian);
      return complexForm(re, floatAt(view, at + half, half, isLittleEndian));
    }
    case 'S':
      return textOrBytes(withoutEnd(view, at, itemBytes));
    case 'U':
      return codePoints(view, at, dtype);
    case 'V':
    case 'O':
      return fields
        ? fields.map((field) => nested(view, at + field.offset, field.dtype, field.shape))
        : { $type: 'bytes', length: itemBytes };
  }
}

/** How many values one item comes to: more than one for a structured dtype. */
function valuesIn({ fields }: Dtype): number {
  if (!fields) return 1;
  return fields.reduce((sum, { dtype, shape }) => sum + productOf(shape) * valuesIn(dtype), 1);
}

function nested(
  view: DataView,
  at: number,
  dtype: Dtype,
  [length, ...inner]: readonly number[],
): OutputValue {
  if (length === undefined) return itemForm(view, at, dtype);
  const step = productOf(inner) * dtype.itemBytes;
  return Array.from({ length }, (_, index) => nested(view, at + index * step, dtype, inner));
}

function integerAt(view: DataView, at: number, dtype: Dtype): number | bigint {
  const { kind, itemBytes, isLittleEndian } = dtype;
  const isSigned = kind === 'i';
  switch (itemBytes) {
    case 1:
      return isSigned ? view.getInt8(at) : view.getUint8(at);
    case 2:
      return isSigned ? view.getInt16(at, isLittleEndian) : view.getUint16(at, isLittleEndian);
    case 4:
      return isSigned ? view.getInt32(at, isLittleEndian) : view.getUint32(at, isLittleEndian);
    default:
      return isSigned
        ? view.getBigInt64(at, isLittleEndian)
        : view.getBigUint64(at, isLittleEndian);
  }
}

function floatAt(view: DataView, at: number, bytes: number, isLittleEndian: boolean): number {
  switch (bytes) {
    case 2:
      return half(view.getUint16(at, isLittleEndian));
    case 4:
      return view.getFloat32(at, isLittleEndian);
    case 8:
      return view.getFloat64(at, isLittleEndian);
    default:
      return extended(view, at, bytes, isLittleEndian);
  }
}

/** A 16-bit float: IEEE 754 binary16. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** x86's 80 bits: 64 of fraction with its leading 1 written out, 15 of exponent, the sign; then padding. */
function extended(view: DataView, at: number, bytes: number, isLittleEndian: boolean): number {
  const start = isLittleEndian ? at : at + bytes - 10;
  const fraction = view.getBigUint64(isLittleEndian ? start : start + 2, isLittleEndian);
  const head = view.getUint16(isLittleEndian ? start + 8 : start, isLittleEndian);
  const sign = head & 0x8000 ? -1 : 1;
  const exponent = head & 0x7fff;
  if (exponent === 0x7fff) return BigInt.asUintN(63, fraction) === 0n ? sign * Infinity : NaN;
  // In two steps, so that what is small does not become 0 on the way.
  const scale = exponent - 16383 - 63;
  return (
    sign * Number(fraction) * 2 ** Math.trunc(scale / 2) * 2 ** (scale - Math.trunc(scale / 2))
  );
}

/** numpy fills texts up with zeros. */
function withoutEnd(view: DataView, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
  return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
}

function codePoints(view: DataView, at: number, { itemBytes, isLittleEndian }: Dtype): string {
  const points = Array.from({ length: itemBytes / 4 }, (_, index) =>
    view.getUint32(at + index * 4, isLittleEndian),
  );
  const written = points.slice(0, points.findLastIndex((point) => point !== 0) + 1);
  return written
    .map((point) => String.fromCodePoint(point > 0x10ffff ? 0xfffd : point))
    .join('')
    .toWellFormed();
}
