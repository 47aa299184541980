/** One event of a stream: of server-sent events its name too, when it has one. */
export type StreamEvent = { name: string; data: string };

/** Takes a stream's bytes cut anywhere, also inside a character, and gives its events as they become whole. */
export type EventParser = {
  push(bytes: Uint8Array): StreamEvent[];
  /** How much is held of an event that is not whole yet, in UTF-16 units. */
  readonly held: number;
  /** What is left when the stream ends without the mark that closes an event. */
  end(): StreamEvent[];
};

/** `text/event-stream`, by the rules of the HTML standard §9.2.6. */
export class ServerSentEvents implements EventParser {
  readonly #lines = new Lines();
  #name = '';
  #data: string[] = [];
  #dataLength = 0;

  get held(): number {
    return this.#lines.held + this.#dataLength;
  }

  push(bytes: Uint8Array): StreamEvent[] {
    return this.#lines.push(bytes).flatMap((line) => this.#take(line));
  }

  end(): StreamEvent[] {
    return [...this.#lines.end(), ''].flatMap((line) => this.#take(line));
  }

  #take(line: string): StreamEvent[] {
    if (line === '') {
      const event = { name: this.#name, data: this.#data.join('\n') };
      const isEmpty = this.#data.length === 0;
      this.#name = '';
      this.#data = [];
      this.#dataLength = 0;
      return isEmpty ? [] : [event];
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (field === 'data') {
      this.#data.push(value);
      this.#dataLength += value.length + 1;
    } else if (field === 'event') this.#name = value;
    return [];
  }
}

/** One JSON text a line: `application/x-ndjson`, JSON Lines. */
export class JsonLines implements EventParser {
  readonly #lines = new Lines();

  get held(): number {
    return this.#lines.held;
  }

  push(bytes: Uint8Array): StreamEvent[] {
    return toEvents(this.#lines.push(bytes));
  }

  end(): StreamEvent[] {
    return toEvents(this.#lines.end());
  }
}

const toEvents = (lines: string[]): StreamEvent[] =>
  lines.filter((line) => line.trim() !== '').map((data) => ({ name: '', data }));

/** UTF-8 text as lines, ended by LF, CR or CR LF. A byte order mark is left out. */
class Lines {
  readonly #decoder = new TextDecoder();
  /** A long line comes in many pieces; they are joined once. */
  #pieces: string[] = [];
  #endedInCr = false;
  held = 0;

  push(bytes: Uint8Array): string[] {
    return this.#split(this.#decoder.decode(bytes, { stream: true }));
  }

  end(): string[] {
    const lines = this.#split(this.#decoder.decode());
    const rest = this.#pieces.join('');
    this.#pieces = [];
    this.held = 0;
    return rest === '' ? lines : [...lines, rest];
  }

  #split(text: string): string[] {
    if (text === '') return [];
    const isRestOfBreak = this.#endedInCr && text.startsWith('\n');
    this.#endedInCr = text.endsWith('\r');
    const [first = '', ...rest] = text.slice(isRestOfBreak ? 1 : 0).split(/\r\n|\n|\r/);
    this.#pieces.push(first);
    this.held += first.length;
    const lines = [];
    for (const next of rest) {
      lines.push(this.#pieces.join(''));
      this.#pieces = [next];
      this.held = next.length;
    }
    return lines;
  }
}
