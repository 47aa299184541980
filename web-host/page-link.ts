import { decode, encode } from '@msgpack/msgpack';
import { EventEmitter } from 'node:events';
import * as v from 'valibot';
import type { WebSocket } from 'ws';
import { closed, DEEPEST, type HostFrame, type PageFrame, type Question } from './frames.ts';

const ALIVE_EVERY_MS = 15_000;
const QUEUE_FRAMES = 10_000;

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const pageFrame = v.variant('type', [
  v.strictObject({
    type: v.literal('invoke'),
    id,
    channel: v.string(),
    args: v.array(v.unknown()),
  }),
  v.strictObject({ type: v.literal('reply'), id, value: v.unknown() }),
  v.strictObject({ type: v.literal('focus'), on: v.boolean() }),
]);

type LinkEvents = {
  invoke: [frame: Extract<PageFrame, { type: 'invoke' }>, page: string];
  /** The page is there, for the first time or again. */
  here: [];
  /** Its connection is gone; it may come back. */
  gone: [];
  /** Its user came to it, or went elsewhere. */
  focus: [on: boolean];
};

/** The one page there is, over one WebSocket. A page that comes back finds what was meant for it meanwhile. */
export class PageLink extends EventEmitter<LinkEvents> {
  #page = '';
  #isFocused = true;
  #socket: WebSocket | null = null;
  #waiting: Uint8Array[] = [];
  #asked = new Map<number, (value: unknown) => void>();
  #nextQuestion = 1;

  /** The newest page wins: an older one is told so, and its questions count as not answered. */
  attach(socket: WebSocket, page: string): void {
    const before = this.#socket;
    this.#socket = socket;
    if (page !== this.#page) {
      this.#waiting = [];
      this.dismissQuestions();
      before?.close(closed.takenOver);
    } else {
      before?.terminate();
    }
    this.#page = page;
    this.#listen(socket, page);
    for (const frame of this.#waiting.splice(0)) socket.send(frame);
    this.emit('here');
  }

  /** Whether its user is at it, as far as is known. */
  get isFocused(): boolean {
    return this.#socket !== null && this.#isFocused;
  }

  /**
   * Sends to the page there is, or when `page` is given, only to that one.
   *
   * @throws Error when the frame is deeper than `DEEPEST` or has something in it that msgpack has no form for
   */
  send(frame: HostFrame, page = this.#page): void {
    if (page !== this.#page || page === '') return;
    const bytes = encode(frame, { ignoreUndefined: true, maxDepth: DEEPEST });
    if (this.#socket) this.#socket.send(bytes);
    else if (this.#waiting.length < QUEUE_FRAMES) this.#waiting.push(bytes);
  }

  /** Resolves to null when no page is there to ask, or when it goes before it answers. */
  ask(question: Question): Promise<unknown> {
    if (!this.#socket) return Promise.resolve(null);
    const number = this.#nextQuestion++;
    this.send({ type: 'ask', id: number, question });
    return new Promise((resolve) => this.#asked.set(number, resolve));
  }

  /** Counts every open question as not answered. */
  dismissQuestions(): void {
    for (const resolve of this.#asked.values()) resolve(null);
    this.#asked.clear();
  }

  /** Tells the page that the app has ended. */
  end(): void {
    this.#socket?.close(closed.ended);
  }

  #listen(socket: WebSocket, page: string): void {
    let alive = true;
    const heartbeat = setInterval(() => {
      if (!alive) socket.terminate();
      alive = false;
      socket.ping();
    }, ALIVE_EVERY_MS);
    socket.on('pong', () => (alive = true));
    socket.on('message', (data: Buffer) => {
      this.#receive(data, page);
    });
    // A broken connection is also closed, and that is handled.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(heartbeat);
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.emit('gone');
    });
  }

  #receive(data: Buffer, page: string): void {
    if (page !== this.#page) return;
    const parsed = v.safeParse(pageFrame, decodeOrNull(data));
    if (!parsed.success) return;
    const frame = parsed.output;
    if (frame.type === 'invoke') {
      this.emit('invoke', frame, page);
    } else if (frame.type === 'focus') {
      this.#isFocused = frame.on;
      this.emit('focus', frame.on);
    } else {
      this.#asked.get(frame.id)?.(frame.value);
      this.#asked.delete(frame.id);
    }
  }
}

function decodeOrNull(data: Uint8Array): unknown {
  try {
    return decode(data);
  } catch {
    return null;
  }
}
