import { ByteQueue } from './byte-queue.ts';
import { DecodeFailure } from './stream-decoder.ts';

/** An element of WebM (RFC 8794, RFC 9559). `offset`: where in the stream it begins. `body` is empty for those that are entered. */
export type WebmElement = { id: number; offset: number; body: Uint8Array<ArrayBuffer> };

export const ids = {
  segment: 0x18538067,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  codecDelay: 0x56aa,
  audio: 0xe1,
  samplingFrequency: 0xb5,
  channels: 0x9f,
  cluster: 0x1f43b675,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  discardPadding: 0x75a2,
};

/** What is inside these is told element by element, so that a block is told when it is whole, not when its cluster is. */
const entered = new Set([ids.segment, ids.cluster]);
const wanted = new Set([ids.tracks, ids.simpleBlock, ids.blockGroup]);
/** A block of sound takes some hundred bytes; what says more is damaged. */
const WANTED_LIMIT_BYTES = 8 * 1024 * 1024;

/** Tells the elements of a growing WebM that matter for its sound, as they come. */
export class WebmElements {
  readonly #queue: ByteQueue;

  /** `offset`: where in the stream the first byte to come stands, at an element's beginning. */
  constructor(offset = 0) {
    this.#queue = new ByteQueue(offset);
  }

  /** The elements that `bytes` complete. @throws DecodeFailure */
  *push(bytes: Uint8Array): Generator<WebmElement> {
    this.#queue.append(bytes);
    for (let element = this.#next(); element; element = this.#next()) yield element;
  }

  #next(): WebmElement | null {
    for (;;) {
      const { bytes, offset } = this.#queue;
      const head = readHead(bytes, 0);
      if (head === 'more') return null;
      if (!head) {
        this.#findCluster();
        continue;
      }
      const { id, size, at } = head;
      if (entered.has(id)) {
        this.#queue.skip(at);
        return { id, offset, body: new Uint8Array(0) };
      }
      if (wanted.has(id)) {
        if (size > WANTED_LIMIT_BYTES)
          throw new DecodeFailure('An element of the WebM is damaged.');
        const whole = this.#queue.take(at + size);
        return whole && { id, offset, body: whole.slice(at) };
      }
      this.#queue.skip(at + size);
    }
  }

  /** Steps over bytes that are no element, to where a cluster begins or may begin with the bytes to come. */
  #findCluster(): void {
    const mark = [0x1f, 0x43, 0xb6, 0x75];
    const { bytes } = this.#queue;
    for (let at = 1; at < bytes.length; at += 1) {
      if (mark.every((byte, index) => (bytes[at + index] ?? byte) === byte)) {
        this.#queue.skip(at);
        return;
      }
    }
    this.#queue.skip(bytes.length);
  }
}

/** The elements inside one that is whole. */
export function* elementsOf(bytes: Uint8Array<ArrayBuffer>): Generator<WebmElement> {
  for (let offset = 0; offset < bytes.length;) {
    const head = readHead(bytes, offset);
    if (!head || head === 'more') return;
    const end = head.at + head.size;
    yield { id: head.id, offset, body: bytes.slice(head.at, end) };
    offset = end;
  }
}

/** The unsigned number that an element holds. */
export function numberIn(body: Uint8Array): number {
  return body.reduce((total, byte) => total * 256 + byte, 0);
}

/** Id and size of the element at `at`, and where its body begins; null when there is none. */
function readHead(
  bytes: Uint8Array,
  at: number,
): { id: number; size: number; at: number } | 'more' | null {
  const first = bytes[at];
  if (first === undefined) return 'more';
  const idLength = Math.clz32(first) - 23;
  if (idLength > 4) return null;
  const size = readSize(bytes, at + idLength);
  if (!size) return bytes.length < at + idLength + 8 ? 'more' : null;
  const id = numberIn(bytes.subarray(at, at + idLength));
  return { id, size: size.value, at: at + idLength + size.length };
}

/** A number that says in its first bits how long it is; all ones stand for a size not known. Null when it is not all there. */
export function readSize(bytes: Uint8Array, at: number): { value: number; length: number } | null {
  const length = Math.clz32(bytes[at] ?? 0) - 23;
  if (length > 8 || bytes.length < at + length) return null;
  const rest = bytes.subarray(at + 1, at + length);
  const first = (bytes[at] ?? 0) & (0xff >> length);
  return { value: rest.reduce((total, byte) => total * 256 + byte, first), length };
}
