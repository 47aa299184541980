import { decode, encode } from '@msgpack/msgpack';
import { closed, DEEPEST, type HostFrame, type PageFrame, type Question } from '../frames.ts';
import { Notice } from './notice.ts';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 4000;
const GIVEN_UP_AFTER = 20;

type Pending = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** The page's one WebSocket to the host. It comes back by itself after a break, and says in words when it can't. */
export class Link {
  hear: (channel: string, args: unknown[]) => void = () => undefined;
  answer: (question: Question) => Promise<unknown> = () => Promise.resolve(null);
  readonly #page: string;
  readonly #notice = new Notice();
  readonly #pending = new Map<number, Pending>();
  #unsent: Uint8Array<ArrayBuffer>[] = [];
  #socket: WebSocket | null = null;
  #next = 1;
  #failures = 0;

  constructor(page: string) {
    this.#page = page;
    this.#connect();
    for (const on of [true, false]) {
      window.addEventListener(on ? 'focus' : 'blur', () => {
        this.#send({ type: 'focus', on });
      });
    }
  }

  invoke(channel: string, args: unknown[]): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      // First, so that what can't be sent is not waited for: throwing here rejects.
      this.#send({ type: 'invoke', id, channel, args });
      this.#pending.set(id, { resolve, reject });
    });
  }

  #connect(): void {
    const url = new URL(`/@web-host/socket?page=${this.#page}`, location.href);
    url.protocol = 'ws:';
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => {
      this.#socket = socket;
      this.#failures = 0;
      this.#notice.hide();
      for (const bytes of this.#unsent.splice(0)) socket.send(bytes);
      this.#send({ type: 'focus', on: document.hasFocus() });
    });
    socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
      this.#receive(decode(data) as HostFrame);
    });
    socket.addEventListener('close', ({ code }) => {
      this.#socket = null;
      this.#lost(code);
    });
  }

  #send(frame: PageFrame): void {
    const bytes = encode(frame, { ignoreUndefined: true, maxDepth: DEEPEST });
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(bytes);
    else this.#unsent.push(bytes);
  }

  #receive(frame: HostFrame): void {
    switch (frame.type) {
      case 'event':
        this.hear(frame.channel, frame.args);
        break;
      case 'answer':
        this.#settle(frame.id)?.resolve(
          'json' in frame ? (JSON.parse(frame.json) as unknown) : frame.value,
        );
        break;
      case 'failed':
        this.#settle(frame.id)?.reject(new Error(frame.message));
        break;
      case 'ask':
        void this.answer(frame.question)
          .catch(() => null)
          .then((value) => {
            this.#send({ type: 'reply', id: frame.id, value });
          });
        break;
      case 'download':
        download(frame.url);
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #lost(code: number): void {
    if (code === closed.takenOver) {
      this.#notice.cover(
        'Soundpost is open in another tab. This one has stepped aside.',
        'Use it here',
      );
    } else if (code === closed.ended) {
      this.#notice.cover('Soundpost has ended. You can close this tab.');
    } else if (this.#failures >= GIVEN_UP_AFTER) {
      this.#notice.cover(
        'Soundpost can no longer be reached. If it has ended, start it again.',
        'Try again',
      );
    } else {
      if (this.#failures > 1) {
        this.#notice.say('The connection to Soundpost was lost. Trying to get it back…');
      }
      const delay = Math.min(FIRST_DELAY_MS * 2 ** this.#failures, LONGEST_DELAY_MS);
      this.#failures += 1;
      setTimeout(() => {
        this.#connect();
      }, delay);
    }
  }
}

function download(url: string): void {
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = '';
  anchor.click();
}
