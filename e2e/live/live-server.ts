import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { LiveAnswer } from '../../electron/core/runs/live-answer.ts';
import { serveLive } from '../../electron/core/runs/serve-live.ts';
import { WaitingRoom } from '../../electron/core/runs/waiting-room.ts';
import { AnswerFile } from '../../electron/core/transport/answer-file.ts';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

// The app's own (electron/shell/app-scheme.ts), which a page of the engine must be able to live with.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types soundpost-live',
].join('; ');

/** A piece of an answer, and how many milliseconds after the piece before it comes. `came` is called when it has. */
export type Write = { bytes: Uint8Array; afterMs: number; came?: () => void };

/** An answer that is under way. `live` is what the app's page would be given; `plain` one response that grows; `whole` the end of it. */
export type Stream = { live: string; plain: string; mediaType: string; ended: Promise<void> };

type Open = { live: LiveAnswer; mediaType: string };

/** Serves the page and answers that grow on disk, by the same code as the app: written by `AnswerFile`, read by `serveLive`. */
export class LiveServer implements AsyncDisposable {
  readonly #directory: string;
  readonly #server = createServer((request, response) => {
    this.#answer(request.url ?? '/', response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  /** What pages that no driver looks into have said, by the queries of their requests to `/said`. */
  readonly said: string[] = [];
  readonly #open = new Map<string, Open>();
  #count = 0;
  readonly #room = new WaitingRoom();
  readonly #gone = new AbortController();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** `directory`: where the built page lies in `page/`, and answers are written. */
  static async start(directory: string): Promise<LiveServer> {
    const server = new LiveServer(directory);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${String(Reflect.get(Object(this.#server.address()), 'port'))}`;
  }

  /** Begins an answer. `isLeftOpen`: it has no end, as that of a model which hangs. */
  async stream(
    writes: Iterable<Write>,
    { mediaType = 'application/octet-stream', isLeftOpen = false } = {},
  ): Promise<Stream> {
    this.#count += 1;
    const id = `run-${this.#count}`;
    const file = await AnswerFile.create(join(this.#directory, id));
    const live = new LiveAnswer(() => file.bytes);
    file.onWritten = live.grew;
    this.#open.set(id, { live, mediaType });
    const ended = this.#write(file, writes, isLeftOpen).then(() => {
      if (!isLeftOpen) live.end();
    });
    return { live: `/runs/${id}/live`, plain: `/runs/${id}/plain`, mediaType, ended };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gone.abort();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #write(file: AnswerFile, writes: Iterable<Write>, isLeftOpen: boolean): Promise<void> {
    // By the clock and not by pauses alone, so that what a late timer costs is made up for.
    let due = performance.now();
    for (const { bytes, afterMs, came } of writes) {
      due += afterMs;
      const pause = due - performance.now();
      if (pause > 0) await setTimeout(pause);
      if (this.#gone.signal.aborted) break;
      came?.();
      await file.take(bytes);
    }
    if (isLeftOpen) await once(this.#gone.signal, 'abort');
    await file.close();
  }

  async #answer(target: string, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(target, this.url);
    const [, place, id = '', form] = pathname.split('/');
    if (place === 'said') {
      this.said.push(search);
      response.writeHead(204).end();
      return;
    }
    const answer = place === 'runs' ? this.#open.get(id) : undefined;
    if (!answer) await this.#page(pathname, response);
    else if (form === 'plain') await this.#plain(answer, response);
    else {
      const served = await serveLive(new Request(this.url + target), answer.live, this.#room);
      response.writeHead(served.status, Object.fromEntries(served.headers));
      for await (const bytes of served.body ?? []) {
        if (response.destroyed) return;
        response.write(bytes);
      }
      response.end();
    }
  }

  async #plain({ live, mediaType }: Open, response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': mediaType, 'cache-control': 'no-store' });
    for (let at = 0, isEnd = false; !isEnd;) {
      const { bytes, isComplete } = await live.read(at, 65_536, 1000);
      at += bytes.length;
      isEnd = isComplete;
      if (response.destroyed) return;
      if (!response.write(bytes))
        await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end();
  }

  async #page(pathname: string, response: ServerResponse): Promise<void> {
    const directory = join(this.#directory, 'page');
    const path = normalize(join(directory, pathname === '/' ? 'index.html' : pathname));
    const contentType = contentTypes[extname(path)];
    if (!path.startsWith(directory + sep) || contentType === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': contentType,
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
    });
    response.end(await readFile(path));
  }
}
