import { ByteQueue } from './byte-queue.ts';

/** One packet of an Ogg stream (RFC 3533). */
export type OggPacket = {
  bytes: Uint8Array<ArrayBuffer>;
  /** Which of the streams inside. */
  serial: number;
  /** The page it ends on: where that begins, the position its codec gives it, and whether it is a stream's first or last. */
  page: { offset: number; granule: number; isFirst: boolean; isLast: boolean };
  /** Whether it is the first to begin on its page, so that decoding may start there; and the last to end on it. */
  beginsPage: boolean;
  endsPage: boolean;
};

type Page = OggPacket['page'] & { serial: number; lacing: Uint8Array; at: number };

const HEADER_BYTES = 27;
const CAPTURE = [0x4f, 0x67, 0x67, 0x53];

/** Cuts Ogg into packets as the bytes come: a packet is given when it is whole, not when its page is. */
export class OggPackets {
  #queue: ByteQueue;
  #page: Page | null = null;
  #partial: Uint8Array<ArrayBuffer>[] = [];

  /** `offset`: where in the stream the first byte to come stands, at a page's beginning. */
  constructor(offset = 0) {
    this.#queue = new ByteQueue(offset);
  }

  *push(bytes: Uint8Array): Generator<OggPacket> {
    this.#queue.append(bytes);
    for (;;) {
      this.#page ??= this.#readHeader();
      const page = this.#page;
      if (!page) return;
      const first = page.at;
      const end = pieceEnd(page.lacing, first);
      const piece = this.#queue.take(sum(page.lacing.subarray(first, end)));
      if (!piece) return;
      this.#partial.push(piece);
      page.at = end;
      const isWhole = end > first && page.lacing[end - 1] !== 255;
      if (end === page.lacing.length) this.#page = null;
      if (isWhole) yield this.#packet(page, first);
    }
  }

  #packet(page: Page, first: number): OggPacket {
    const bytes = joined(this.#partial);
    const isContinued = this.#partial.length > 1;
    this.#partial = [];
    const { serial, offset, granule, isFirst, isLast, lacing } = page;
    return {
      bytes,
      serial,
      page: { offset, granule, isFirst, isLast },
      beginsPage: first === 0 && !isContinued,
      endsPage:
        pieceEnd(lacing, page.at) === page.at || !lacing.subarray(page.at).some((n) => n < 255),
    };
  }

  /** The next page's header, found again after damage; null until it is all there. */
  #readHeader(): Page | null {
    const { bytes } = this.#queue;
    const at = findCapture(bytes);
    if (at > 0) {
      this.#partial = [];
      this.#queue.skip(at);
      return this.#readHeader();
    }
    const count = bytes[HEADER_BYTES - 1];
    if (count === undefined || bytes.length < HEADER_BYTES + count) return null;
    const { offset } = this.#queue;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const flags = view.getUint8(5);
    const granule = Number(view.getBigInt64(6, true));
    const serial = view.getUint32(14, true);
    const lacing = bytes.slice(HEADER_BYTES, HEADER_BYTES + count);
    this.#queue.skip(HEADER_BYTES + count);
    const continues = (flags & 1) !== 0;
    if (!continues) this.#partial = [];
    // The rest of a packet whose beginning was never seen is no packet.
    const rest = continues && this.#partial.length === 0 ? pieceEnd(lacing, 0) : 0;
    this.#queue.skip(sum(lacing.subarray(0, rest)));
    return {
      offset,
      granule,
      isFirst: (flags & 2) !== 0,
      isLast: (flags & 4) !== 0,
      serial,
      lacing,
      at: rest,
    };
  }
}

/** Behind the lacing values of the packet, or piece of one, that begins at value `first`. */
function pieceEnd(lacing: Uint8Array, first: number): number {
  for (let at = first; at < lacing.length; at += 1) {
    if (lacing[at] !== 255) return at + 1;
  }
  return lacing.length;
}

/** Where the next page begins, or may begin with the bytes to come. */
function findCapture(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at += 1) {
    if (CAPTURE.every((byte, index) => (bytes[at + index] ?? byte) === byte)) return at;
  }
  return bytes.length;
}

function sum(values: Uint8Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function joined(pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((length, { length: more }) => length + more, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
