import type { Flaw, OutputValue } from '../../contract/run.ts';
import { MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import type { Sha256 } from '../files/sha256.ts';
import { productOf } from './numpy-dtype.ts';
import { mostItems, readItems } from './numpy-items.ts';
import { NumpyArray, NumpyObjects, NumpyScalar } from './numpy.ts';
import { complexForm, floatForm, integerForm } from './output-forms.ts';
import { Complex, Timedelta } from './truss-number.ts';
import { TrussText } from './truss-text.ts';
import { readUtf8 } from './utf8.ts';
import { Bytes, Dictionary, Extension, Float, type TrussValue, type Value } from './value.ts';

/** An output is cut above this, in bytes of JSON. */
const LARGEST = 16 * 1024 * 1024;
/** A list's or map's own, and the comma behind it. */
const BRACKETS = 3;
/** More flaws than anybody reads. */
const MOST_FLAWS = 100;

/** A decoded message as data, and what there is to say about it: the fields that a run's outcome has. */
export type Output = {
  output: OutputValue;
  /** The message was too large to be told whole. */
  outputTruncated?: true;
  flaws?: Flaw[];
};

type Options = {
  /** The part that the n-th bytes value or text became, counted as `findParts` does. */
  partAt: (leaf: number) => { name: string; size: number; source?: ByteSource } | undefined;
  /** The name of the part that an array became. */
  partOf?: (array: NumpyArray) => string | undefined;
  /** Given when each bytes value is to tell its SHA-256. */
  hashes?: Sha256 | undefined;
  largest?: number;
};

/**
 * A decoded value in the form that the page's tree and scripts read (see `OutputValue`), cut at 16 MiB of JSON while it is
 * built. The values of arrays are read last, so what is cut first are they.
 */
export async function toOutput(value: Value, options: Options): Promise<Output> {
  const builder = new Builder(options);
  const output = builder.value(value);
  await builder.fill();
  return {
    output,
    ...(builder.isTruncated ? { outputTruncated: true } : {}),
    ...(builder.flaws.length > 0 ? { flaws: builder.flaws } : {}),
  };
}

type Form = { [key: string]: OutputValue };

class Builder {
  isTruncated = false;
  readonly flaws: Flaw[] = [];
  #left: number;
  #leaves = 0;
  #isInKey = false;
  readonly #path: Flaw['at'] = [];
  /** What is still to be read, and put into the forms that are made already. */
  readonly #later: (() => Promise<void>)[] = [];
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.#left = options.largest ?? LARGEST;
  }

  async fill(): Promise<void> {
    for (const task of this.#later) await task();
  }

  value(item: Value): OutputValue {
    if (item instanceof Bytes) return this.#bytes(item.source);
    if (typeof item === 'string') return this.#text(item);
    if (item instanceof Dictionary) return this.#dictionary(item);
    if (Array.isArray(item)) return this.#list(item);
    if (item instanceof NumpyArray) return this.#array(item);
    if (item instanceof NumpyScalar) return this.#scalar(item);
    return this.#spent(plain(item));
  }

  #bytes(source: ByteSource): OutputValue {
    const part = this.#part();
    const form: Form = { $type: 'bytes', length: source.size };
    if (part) form['part'] = part.name;
    return this.#hashed(form, source);
  }

  #text(text: string): OutputValue {
    const part = this.#part();
    if (part) {
      return this.#hashed({ $type: 'bytes', length: part.size, part: part.name }, part.source);
    }
    if (text.length <= this.#left && sizeOf(text) <= this.#left) return this.#spent(text);
    this.isTruncated = true;
    // No letter takes more than six bytes of JSON.
    return this.#spent(text.slice(0, Math.max(0, Math.floor(this.#left / 6))).toWellFormed());
  }

  #part(): ReturnType<Options['partAt']> {
    if (this.#isInKey) return undefined;
    this.#leaves += 1;
    return this.#options.partAt(this.#leaves - 1);
  }

  #hashed(form: Form, source: ByteSource | undefined): OutputValue {
    const { hashes } = this.#options;
    if (hashes && source) {
      this.#left -= ',"sha256":""'.length + 64;
      this.#later.push(async () => {
        form['sha256'] = await hashes.of(source);
      });
    }
    return this.#spent(form);
  }

  #list(items: Value[]): OutputValue {
    this.#left -= BRACKETS;
    const list: OutputValue[] = [];
    for (const [index, item] of items.entries()) {
      if (this.#isFull()) break;
      list.push(this.#within(index, item));
    }
    return list;
  }

  #dictionary({ entries, flaw }: Dictionary): OutputValue {
    this.#left -= BRACKETS;
    if (flaw !== undefined && this.flaws.length < MOST_FLAWS)
      this.flaws.push({ at: [...this.#path], flaw });
    const names = entries.map(([key]) => textKey(key));
    const distinct = new Set(names);
    // `__proto__` is a key like any other on the wire, but not in every reader of JSON.
    const isPlain =
      distinct.size === names.length &&
      !['$type', '__proto__', null].some((it) => distinct.has(it));
    return isPlain ? this.#object(entries, names) : this.#map(entries);
  }

  #object(entries: Dictionary['entries'], names: (string | null)[]): OutputValue {
    const converted: [string, OutputValue][] = [];
    for (const [index, [, value]] of entries.entries()) {
      const name = names[index] ?? '';
      this.#left -= sizeOf(name) + 1;
      if (this.#isFull()) break;
      converted.push([name, this.#within(name, value)]);
    }
    return Object.fromEntries(converted);
  }

  #map(entries: Dictionary['entries']): OutputValue {
    const converted: OutputValue[] = [];
    this.#left -= '"$type":"map","entries":[]'.length;
    for (const [index, [key, value]] of entries.entries()) {
      this.#left -= BRACKETS;
      if (this.#isFull()) break;
      // Keys are values of their own kind here, but never parts.
      const wasInKey = this.#isInKey;
      this.#isInKey = true;
      const name = this.#within(index, key);
      this.#isInKey = wasInKey;
      converted.push([name, this.#within(index, value)]);
    }
    return { $type: 'map', entries: converted };
  }

  #array(array: NumpyArray): OutputValue {
    const { dtype, shape, data } = array;
    const form: Form = { $type: 'ndarray', dtype: dtype.descr, shape: [...shape], values: [] };
    const part = this.#options.partOf?.(array);
    if (part !== undefined) form['part'] = part;
    const count = productOf(shape);
    const told = Math.min(count, mostItems(dtype));
    if (told < count) form['truncated'] = true;
    this.#left -= ',"truncated":true'.length;
    this.#later.push(async () => {
      const values = told > 0 ? await readItems(data, told, dtype) : [];
      const size = sizeOf(values);
      if (size <= this.#left) {
        this.#left -= size;
        form['values'] = values;
      } else {
        form['truncated'] = true;
        this.isTruncated = true;
      }
    });
    return this.#spent(form);
  }

  #scalar({ dtype, data }: NumpyScalar): OutputValue {
    const form: Form = { $type: 'scalar', dtype: dtype.descr, value: null };
    if (mostItems(dtype) === 0) {
      this.isTruncated = true;
    } else {
      this.#later.push(async () => {
        form['value'] = (await readItems(data, 1, dtype))[0] ?? null;
        this.#left -= sizeOf(form['value']);
      });
    }
    return this.#spent(form);
  }

  #spent(form: OutputValue): OutputValue {
    this.#left -= sizeOf(form) + 1;
    return form;
  }

  #within(step: string | number, item: Value): OutputValue {
    this.#path.push(step);
    const form = this.value(item);
    this.#path.pop();
    return form;
  }

  #isFull(): boolean {
    if (this.#left <= 0) this.isTruncated = true;
    return this.#left <= 0;
  }
}

const sizeOf = (form: OutputValue): number => Buffer.byteLength(JSON.stringify(form));

/** What holds no other value and is read already. */
function plain(
  item: null | boolean | number | bigint | Float | Extension | TrussValue,
): Form | OutputValue {
  if (item === null || typeof item === 'boolean') return item;
  if (typeof item === 'number' || typeof item === 'bigint') return integerForm(item);
  if (item instanceof Float) return floatForm(item.value);
  if (item instanceof TrussText) return { $type: item.kind, value: item.text };
  if (item instanceof Complex) return complexForm(item.re, item.im);
  if (item instanceof Timedelta) {
    const { days, seconds, microseconds } = item;
    return { $type: 'timedelta', days, seconds, microseconds };
  }
  if (item instanceof NumpyObjects) {
    return { $type: 'opaque', what: 'numpy array of Python objects', length: item.pickle.size };
  }
  const extension = item instanceof Extension ? item : null;
  return {
    $type: 'opaque',
    what: `msgpack extension ${extension?.code ?? ''}`,
    length: extension?.data.size ?? 0,
  };
}

/** A key as text: itself, or its bytes when they are UTF-8. Null when it is neither. */
export function textKey(key: Value): string | null {
  if (typeof key === 'string') return key;
  if (!(key instanceof Bytes && key.source instanceof MemoryBytes)) return null;
  return readUtf8(Buffer.from(key.source.bytes), 0, key.source.size);
}
