/** Bytes of a stream that are not taken yet, joined: what a parser needs when chunks end anywhere. */
export class ByteQueue {
  #bytes = new Uint8Array(0);
  #skip = 0;
  #offset: number;

  /** `offset`: where in the stream the first byte to come stands. */
  constructor(offset = 0) {
    this.#offset = offset;
  }

  /** The bytes at hand, a view that is valid until the next call. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }

  /** Where in the stream the first byte at hand stands. */
  get offset(): number {
    return this.#offset;
  }

  append(bytes: Uint8Array): void {
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    this.#offset += skipped;
    const rest = bytes.subarray(skipped);
    const joined = new Uint8Array(this.#bytes.length + rest.length);
    joined.set(this.#bytes);
    joined.set(rest, this.#bytes.length);
    this.#bytes = joined;
  }

  /** Leaves out the next `length` bytes, also those still to come. */
  skip(length: number): void {
    const here = Math.min(length, this.#bytes.length);
    this.#bytes = this.#bytes.subarray(here);
    this.#offset += here;
    this.#skip += length - here;
  }

  /** The next `length` bytes, or null until all of them are there. */
  take(length: number): Uint8Array<ArrayBuffer> | null {
    if (this.#bytes.length < length) return null;
    const taken = this.#bytes.subarray(0, length);
    this.skip(length);
    return taken;
  }
}
