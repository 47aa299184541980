import { readTruss } from './truss.ts';
import { Dictionary, type TrussValue, type Value } from './value.ts';

/** A list or map of which more is to come. */
type Open = {
  left: number;
  readonly list: Value[] | undefined;
  readonly entries: [Value, Value][];
  /** Of a map, when its value is next. */
  key: Value | undefined;
  hasTrussKey: boolean;
};

/** The lists and maps that a reader is inside of; kept here and not on the call stack, which is short. */
export class Nesting {
  readonly #open: Open[] = [];

  get depth(): number {
    return this.#open.length;
  }

  /** Whether the next value is a map's key. */
  get isAtKey(): boolean {
    const open = this.#open.at(-1);
    return open !== undefined && !open.list && open.key === undefined;
  }

  /** Begins a list of `length` items, which must not be 0. */
  openList(length: number): void {
    this.#open.push({ left: length, list: [], entries: [], key: undefined, hasTrussKey: false });
  }

  /** Begins a map of `length` entries, which must not be 0. */
  openMap(length: number): void {
    const list = undefined;
    this.#open.push({ left: length, list, entries: [], key: undefined, hasTrussKey: false });
  }

  /** Says that the map has a key of Truss's. */
  markTruss(): void {
    const open = this.#open.at(-1);
    if (open) open.hasTrussKey = true;
  }

  /** Puts a value where it belongs, and each list or map that it fills. Answers the message when that is whole. */
  place(placed: Value): Value | undefined {
    let value = placed;
    for (;;) {
      const open = this.#open.at(-1);
      if (!open) return value;
      if (open.list) {
        open.list.push(value);
      } else if (open.key === undefined) {
        open.key = value;
        return undefined;
      } else {
        open.entries.push([open.key, value]);
        open.key = undefined;
      }
      open.left -= 1;
      if (open.left > 0) return undefined;
      this.#open.pop();
      value = open.list ?? mapOf(open);
    }
  }

  /** Ends everything that is open with what it has, `last` within the innermost. Answers the outermost. */
  close(last?: Value): Value | undefined {
    let value = last;
    for (let open = this.#open.pop(); open; open = this.#open.pop()) {
      if (value !== undefined && open.list) open.list.push(value);
      else if (value !== undefined && open.key !== undefined) open.entries.push([open.key, value]);
      value = open.list ?? mapOf(open);
    }
    return value;
  }
}

function mapOf({ entries, hasTrussKey }: Open): Dictionary | TrussValue {
  const map = new Dictionary(entries);
  return hasTrussKey ? readTruss(map) : map;
}
