import { createHash } from 'node:crypto';
import type { ByteSource } from './byte-source.ts';

const STEP_BYTES = 1024 * 1024;

/** The SHA-256 of bytes that do not change, in hex. Each is counted once, also when it is told of in two places. */
export class Sha256 {
  readonly #known = new WeakMap<ByteSource, Promise<string>>();

  of(source: ByteSource): Promise<string> {
    const known = this.#known.get(source) ?? hashOf(source);
    this.#known.set(source, known);
    return known;
  }
}

async function hashOf(source: ByteSource): Promise<string> {
  return (await fileSha256(source)) ?? '';
}

/** The same for bytes that may change or be many; null when the signal ended it early. */
export async function fileSha256(source: ByteSource, signal?: AbortSignal): Promise<string | null> {
  const hash = createHash('sha256');
  for (let offset = 0; offset < source.size; offset += STEP_BYTES) {
    if (signal?.aborted) return null;
    hash.update(await source.read(offset, STEP_BYTES));
  }
  return hash.digest('hex');
}
