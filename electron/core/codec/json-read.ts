import { DEEPEST, MOST_VALUES } from './limits.ts';
import { Dictionary, Float, numberFromLiteral, type Value } from './value.ts';

/** More digits than any number has, few enough to be counted at once. */
const LONGEST_NUMBER = 400;

/** Where and why a text is not JSON. `position` counts UTF-16 units from 0. */
export class JsonError extends Error {
  override name = 'JsonError' as const;
  readonly position: number;
  readonly #flaw: 'cut' | 'lines' | null;

  constructor(message: string, position: number, flaw: 'cut' | 'lines' | null = null) {
    super(message);
    this.position = position;
    this.#flaw = flaw;
  }

  /** The text stops in the middle of a value that was well so far. */
  get isCut(): boolean {
    return this.#flaw === 'cut';
  }

  /** The value was well, and on another line a further one begins. */
  get isLines(): boolean {
    return this.#flaw === 'lines';
  }
}

export type JsonOptions = {
  /** Values that stand for the text whose opening quote is at this position. */
  moved?: ReadonlyMap<number, Value>;
  /** Closes what a cut text left open, and gives what came. */
  keepCut?: boolean;
};

/**
 * Reads one JSON value. Unlike `JSON.parse` it keeps `1.0` apart from `1` and integers beyond 2^53 exact, and takes the
 * bare `NaN`, `Infinity` and `-Infinity` that Python's `json.dumps` writes.
 * @throws JsonError
 */
export function readJson(text: string, options: JsonOptions = {}): Value {
  const reader = new Reader(text, options);
  const value = reader.value(0);
  reader.end();
  return value;
}

const literals: [string, Value][] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', new Float(NaN)],
  ['Infinity', new Float(Infinity)],
  ['-Infinity', new Float(-Infinity)],
];

class Reader {
  readonly #text: string;
  readonly #moved: ReadonlyMap<number, Value>;
  readonly #keepCut: boolean;
  #at = 0;
  #values = 0;

  constructor(text: string, { moved = new Map(), keepCut = false }: JsonOptions) {
    this.#text = text;
    this.#moved = moved;
    this.#keepCut = keepCut;
  }

  value(depth: number): Value {
    this.#values += 1;
    if (this.#values > MOST_VALUES) throw this.#error(`More than ${MOST_VALUES} values`);
    if (depth > DEEPEST) throw this.#error(`Nested deeper than ${DEEPEST} levels`);
    this.#space();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#map(depth);
      case '[':
        return this.#list(depth);
      case '"':
        return this.#movedText() ?? this.#string();
      default:
        return this.#literal();
    }
  }

  end(): void {
    const end = this.#at;
    this.#space();
    if (this.#isAtEnd()) return;
    const isLine = /[\r\n]/.test(this.#text.slice(end, this.#at));
    const hasMore = isLine && /[[{]/.test(this.#text[this.#at] ?? '');
    throw new JsonError('Something follows the value', this.#at, hasMore ? 'lines' : null);
  }

  #map(depth: number): Dictionary {
    const entries: [Value, Value][] = [];
    this.#items('}', () => {
      this.#space();
      if (this.#text[this.#at] !== '"') throw this.#error('A key in double quotes is missing');
      const key = this.#string();
      this.#space();
      if (this.#text[this.#at] !== ':') throw this.#error('A colon is missing after a key');
      this.#at += 1;
      entries.push([key, this.value(depth + 1)]);
    });
    return new Dictionary(entries);
  }

  #list(depth: number): Value[] {
    const items: Value[] = [];
    this.#items(']', () => items.push(this.value(depth + 1)));
    return items;
  }

  #items(close: string, readItem: () => void): void {
    this.#at += 1;
    this.#space();
    if (this.#text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    while (this.#isKept(readItem)) {
      this.#space();
      if (this.#keepCut && this.#isAtEnd()) return;
      const next = this.#text[this.#at];
      if (next !== ',' && next !== close) throw this.#error(`A comma or ${close} is missing`);
      this.#at += 1;
      if (next === close) return;
    }
  }

  /** False when the text ends inside the item and what came before it shall do. */
  #isKept(readItem: () => void): boolean {
    try {
      readItem();
      return true;
    } catch (error) {
      if (!(this.#keepCut && error instanceof JsonError && error.isCut)) throw error;
      this.#at = this.#text.length;
      return false;
    }
  }

  #movedText(): Value | undefined {
    const value = this.#moved.get(this.#at);
    // An empty text is in its place.
    if (value !== undefined) this.#at += 2;
    return value;
  }

  /** Finds the closing quote with `indexOf`, so that megabytes of base64 cost one pass. */
  #string(): string {
    const start = this.#at;
    let end = start;
    do {
      end = this.#text.indexOf('"', end + 1);
      if (end === -1) return this.#cutString(start);
    } while (this.#isEscaped(end));
    this.#at = end + 1;
    const quoted = this.#text.slice(start, end + 1);
    try {
      const value: unknown = JSON.parse(quoted);
      if (typeof value === 'string') return value;
    } catch {
      // Reported below, with the position in the whole text.
    }
    this.#at = start;
    throw this.#error('A text has a bad escape or a control character');
  }

  #cutString(start: number): string {
    if (!this.#keepCut) throw this.#cut('A text has no closing quote');
    this.#at = this.#text.length;
    const whole = this.#text.slice(start).replace(/\\(u[0-9a-fA-F]{0,3})?$/, '');
    try {
      return JSON.parse(`${whole}"`) as string;
    } catch {
      throw this.#cut('A text has no closing quote');
    }
  }

  #isEscaped(position: number): boolean {
    let backslashes = 0;
    while (this.#text[position - 1 - backslashes] === '\\') backslashes += 1;
    return backslashes % 2 === 1;
  }

  #literal(): Value {
    for (const [word, value] of literals) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    const digits = /[-+0-9.eE]*/y;
    digits.lastIndex = this.#at;
    const literal = digits.exec(this.#text)?.[0] ?? '';
    const value = literal.length > LONGEST_NUMBER ? null : numberFromLiteral(literal);
    if (value === null) {
      const rest = this.#text.slice(this.#at, this.#at + 10);
      const isCut =
        literals.some(([word]) => word.startsWith(rest)) ||
        (literal !== '' && this.#at + literal.length === this.#text.length);
      const message = literal ? `"${literal.slice(0, 40)}" is not a number` : 'A value is missing';
      throw new JsonError(message, this.#at, isCut ? 'cut' : null);
    }
    this.#at += literal.length;
    return value;
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at += 1;
  }

  #isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #error(message: string): JsonError {
    return new JsonError(message, this.#at, this.#isAtEnd() ? 'cut' : null);
  }

  #cut(message: string): JsonError {
    return new JsonError(message, this.#at, 'cut');
  }
}
