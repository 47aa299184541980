import { MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import { Malformed } from './malformed.ts';
import { productOf, readDtype, readShape, type Dtype } from './numpy-dtype.ts';
import { ourKey } from './truss-keys.ts';
import { Bytes, Dictionary, TrussValue, type Value } from './value.ts';

/** A numpy array; its items stay where they lie, on disk as a rule. */
export class NumpyArray extends TrussValue {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** The items in C order, packed, exactly as long as the shape says. */
  readonly data: ByteSource;

  private constructor(dtype: Dtype, shape: readonly number[], data: ByteSource, wire: Dictionary) {
    super(wire);
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
  }

  /**
   * An array to be sent. `data` holds the items in C order and may be computed while it is read; its size must be what
   * `dtype` (numpy's string, as `<f4`) and `shape` ask for.
   */
  static of(dtype: string, shape: readonly number[], data: ByteSource): NumpyArray {
    const wire = new Dictionary([
      [ourKey('nd'), true],
      [ourKey('type'), dtype],
      [ourKey('kind'), new Bytes(new MemoryBytes(new Uint8Array(0)))],
      [ourKey('shape'), [...shape]],
      [ourKey('data'), new Bytes(data)],
    ]);
    return NumpyArray.read(wire, readDtype(dtype), [...shape], new Bytes(data));
  }

  /** The array that the values of a map's keys describe. @throws Malformed */
  static read(wire: Dictionary, dtype: Dtype, shape: Value, data: Value): NumpyArray {
    const lengths = readShape(shape);
    const size = productOf(lengths) * dtype.itemBytes;
    return new NumpyArray(dtype, lengths, itemsOf(data, size), wire);
  }
}

/** One number or text with a dtype of numpy's. */
export class NumpyScalar extends TrussValue {
  readonly dtype: Dtype;
  readonly data: ByteSource;

  /** @throws Malformed */
  constructor(wire: Dictionary, dtype: Dtype, data: Value) {
    super(wire);
    this.dtype = dtype;
    this.data = itemsOf(data, dtype.itemBytes);
  }
}

/** An array of Python objects: its data is a pickle, which is a program. It is never run, only kept. */
export class NumpyObjects extends TrussValue {
  readonly pickle: ByteSource;

  /** @throws Malformed */
  constructor(wire: Dictionary, data: Value) {
    super(wire);
    if (!(data instanceof Bytes)) throw new Malformed('its data is not bytes');
    this.pickle = data.source;
  }
}

/** numpy reads past nothing and ignores what is too much. */
function itemsOf(data: Value, size: number): ByteSource {
  if (!(data instanceof Bytes)) throw new Malformed('its data is not bytes');
  const { source } = data;
  if (!(size <= source.size)) {
    throw new Malformed(
      `its data has ${source.size} bytes, and its shape and dtype ask for ${size}`,
    );
  }
  return size === source.size ? source : new FirstBytes(source, size);
}

class FirstBytes implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;

  constructor(source: ByteSource, size: number) {
    this.#source = source;
    this.size = size;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.#source.read(offset, Math.max(0, Math.min(length, this.size - offset)));
  }

  isUnchanged(): Promise<boolean> {
    return this.#source.isUnchanged();
  }
}
