import type { ByteSource } from '../files/byte-source.ts';
import type { EventParser, StreamEvent } from './event-stream.ts';

/** A frame begins with its kind and its length (Chains, truss_chains/streaming.py: `>BI`); then comes a JSON object. */
const TAG_BYTES = 5;
const [HEADER, ITEM, FOOTER] = [2, 3, 4];
const OPENING_BRACE = 0x7b;
const WINDOW_BYTES = 256 * 1024;

/** What may follow what: one header at most, first, and one footer at most, last. */
const followers = new Map([
  [0, [HEADER, ITEM, FOOTER]],
  [HEADER, [ITEM, FOOTER]],
  [ITEM, [ITEM, FOOTER]],
  [FOOTER, []],
]);

/** Whether the first bytes are those of a frame; `more` while the next ones could say so. */
export function beginsLikeFrame(head: Uint8Array): boolean | 'more' {
  if (!followers.get(0)?.includes(head[0] ?? 0)) return false;
  return head.length <= TAG_BYTES ? 'more' : head[TAG_BYTES] === OPENING_BRACE;
}

/** Whether a file is such frames from its first byte on, one whole at least. Only the last may be cut. */
export async function areChainsFrames(file: ByteSource): Promise<boolean> {
  let window = Buffer.alloc(0);
  let windowStart = 0;
  let last = 0;
  let end = 0;
  while (end < file.size) {
    if (end + TAG_BYTES >= windowStart + window.length) {
      window = Buffer.from(await file.read(end, WINDOW_BYTES));
      windowStart = end;
    }
    const frame = window.subarray(end - windowStart);
    const [kind = 0] = frame;
    if (!followers.get(last)?.includes(kind)) return false;
    // Cut inside the tag.
    if (frame.length <= TAG_BYTES) return last !== 0;
    if (frame[TAG_BYTES] !== OPENING_BRACE) return false;
    end += TAG_BYTES + frame.readUInt32BE(1);
    if (last === 0 && end > file.size) return false;
    last = kind;
  }
  return last !== 0;
}

/** The frames of a chain's stream. Items have no name. */
export class ChainsFrames implements EventParser {
  /** A long frame comes in many pieces; they are joined once. */
  #pieces: Uint8Array[] = [];
  #held = 0;
  #wanted = TAG_BYTES;

  get held(): number {
    return this.#held;
  }

  push(bytes: Uint8Array): StreamEvent[] {
    this.#pieces.push(bytes);
    this.#held += bytes.length;
    if (this.#held < this.#wanted) return [];
    const events: StreamEvent[] = [];
    let rest = Buffer.concat(this.#pieces);
    for (;;) {
      this.#wanted = TAG_BYTES + (rest.length < TAG_BYTES ? 0 : rest.readUInt32BE(1));
      if (rest.length < this.#wanted) break;
      events.push(eventOf(rest.subarray(0, this.#wanted)));
      rest = rest.subarray(this.#wanted);
    }
    this.#pieces = [rest];
    this.#held = rest.length;
    return events;
  }

  end(): StreamEvent[] {
    const rest = Buffer.concat(this.#pieces);
    return rest.length > TAG_BYTES ? [eventOf(rest)] : [];
  }
}

function eventOf(frame: Buffer): StreamEvent {
  const name = frame[0] === HEADER ? 'header' : frame[0] === FOOTER ? 'footer' : '';
  return { name, data: frame.toString('utf8', TAG_BYTES) };
}
