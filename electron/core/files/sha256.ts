import { createHash } from 'node:crypto';
import type { ByteSource } from './byte-source.ts';

const STEP_BYTES = 1024 * 1024;

/** The SHA-256 of bytes that do not change, in hex. Each is counted once, also when it is told of in two places. */
export class Sha256 {
  readonly #known = new WeakMap<ByteSource, Promise<string>>();

  of(source: ByteSource): Promise<string> {
    const known = this.#known.get(source) ?? hash(source);
    this.#known.set(source, known);
    return known;
  }
}

async function hash(source: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  for (let offset = 0; offset < source.size; offset += STEP_BYTES) {
    hash.update(await source.read(offset, STEP_BYTES));
  }
  return hash.digest('hex');
}
