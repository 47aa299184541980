/** A piece of the answer. `isEnd`: nothing comes behind it. */
export type Piece = { bytes: Uint8Array<ArrayBuffer>; isEnd: boolean };

/** The answer can't be had: `gone` is one that the app no longer knows, `unreachable` an app that does not answer. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';
  readonly reason: 'gone' | 'unreachable';

  constructor(reason: 'gone' | 'unreachable') {
    super(`The answer's bytes are ${reason}.`);
    this.reason = reason;
  }
}

/**
 * The server waits for bytes itself; one that answers emptily at once must not be asked in a tight loop. Where more wait than it
 * has room for, those to whom nothing comes ask ever less often, and leave the connections to those to whom something does.
 */
const PAUSE_AFTER_EMPTY_MS = 25;
const LONGEST_PAUSE_MS = 200;
const ATTEMPTS = 3;
const PAUSE_BETWEEN_ATTEMPTS_MS = 200;

/** A response that goes on, and where in the answer its next bytes stand. */
type Flow = { reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>; offset: number };

/**
 * A growing answer, pulled one request at a time: `GET <url>?from=OFFSET&flow=1` answers with the bytes from there on that
 * come within about a second, as they come, or with none after it, and says in `x-live-received` and `x-live-complete` how much there is and whether that was all,
 * and in `x-live-crowded` whether others wait too.
 */
export class LiveSource {
  readonly #url: string;
  #received = 0;
  #isComplete = false;
  #arrivedAt: number | null = null;
  #flow: Flow | null = null;

  /** `url`: absolute. */
  constructor(url: string) {
    this.#url = url;
  }

  /** Bytes that the app had received when last asked. */
  get received(): number {
    return this.#received;
  }

  /** Whether the answer had ended by then. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** When the latest piece was here, in epoch milliseconds; null before the first. */
  get arrivedAt(): number | null {
    return this.#arrivedAt;
  }

  /** What stands from byte `offset` on, waiting until there is something. @throws SourceFailure */
  async read(offset: number, signal: AbortSignal): Promise<Piece> {
    for (let rest = PAUSE_AFTER_EMPTY_MS; ;) {
      if (this.#flow?.offset === offset) {
        const bytes = await this.#next(this.#flow, signal);
        if (bytes) return { bytes, isEnd: false };
      }
      this.#stopFlow();
      const response = await this.#get(offset, signal);
      const isEnd = response.headers.get('x-live-complete') === '1';
      const received = Number(response.headers.get('x-live-received') ?? 0);
      this.#received = Math.max(this.#received, received);
      if (isEnd) {
        const bytes = new Uint8Array(await response.arrayBuffer());
        this.#isComplete = true;
        this.#note(offset, bytes);
        return { bytes, isEnd };
      }
      const reader = response.body?.getReader();
      if (reader) {
        this.#flow = { reader, offset };
        const bytes = await this.#next(this.#flow, signal);
        if (bytes) return { bytes, isEnd };
      }
      await pause(rest);
      const isCrowded = response.headers.get('x-live-crowded') === '1';
      rest = isCrowded ? Math.min(LONGEST_PAUSE_MS, rest * 2) : PAUSE_AFTER_EMPTY_MS;
      signal.throwIfAborted();
    }
  }

  /** The next bytes of a response; null when it has no more, or broke off: what is missing is asked for anew. */
  async #next(flow: Flow, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
    const { done, value } = await flow.reader
      .read()
      .catch(() => ({ done: true, value: undefined }));
    if (done || !value || signal.aborted) {
      this.#stopFlow();
      signal.throwIfAborted();
      return null;
    }
    this.#note(flow.offset, value);
    flow.offset += value.length;
    return value;
  }

  #note(offset: number, bytes: Uint8Array): void {
    this.#received = Math.max(this.#received, offset + bytes.length);
    if (bytes.length > 0) this.#arrivedAt = performance.timeOrigin + performance.now();
  }

  #stopFlow(): void {
    this.#flow?.reader.cancel().catch(() => undefined);
    this.#flow = null;
  }

  async #get(offset: number, signal: AbortSignal): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await fetch(`${this.#url}?from=${offset}&flow=1`, { signal });
        if (response.status === 404) throw new SourceFailure('gone');
        if (response.ok) return response;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof SourceFailure) throw error;
      }
      if (attempt === ATTEMPTS) throw new SourceFailure('unreachable');
      await pause(PAUSE_BETWEEN_ATTEMPTS_MS);
      signal.throwIfAborted();
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
