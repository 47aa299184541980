import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { ReadableStreamDefaultReader } from 'node:stream/web';

/** What `protocol.handle` was given for the `app` scheme. */
export type SchemeHandler = (request: Request) => Response | Promise<Response>;

/** Headers that belong to the connection or to the browser's dealings with this host, not to the app. */
const notForTheApp = new Set([
  'host',
  'cookie',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'referer',
  'origin',
  'te',
  'upgrade',
]);

type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  /** path and query */
  target: string;
  handler: SchemeHandler;
  /** Changes an HTML page before it goes out. */
  page: (html: string) => string;
  extraHeaders: Record<string, string>;
};

/** Puts one HTTP request to the app's own scheme handler, and its answer back on HTTP, with back-pressure both ways. */
export async function answerFromScheme(exchange: Exchange): Promise<void> {
  const { request, response, target, handler, page, extraHeaders } = exchange;
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  const answer = await handler(schemeRequest(request, target, gone.signal));

  for (const [name, value] of answer.headers) response.appendHeader(name, value);
  for (const [name, value] of Object.entries(extraHeaders)) response.appendHeader(name, value);
  response.statusCode = answer.status;
  if (answer.body === null || request.method === 'HEAD') {
    await answer.body?.cancel();
    response.end();
  } else if (answer.headers.get('content-type')?.startsWith('text/html')) {
    response.removeHeader('content-length');
    response.end(page(await answer.text()));
  } else {
    await send(answer.body.getReader(), response, gone.signal);
  }
}

function schemeRequest(request: IncomingMessage, target: string, signal: AbortSignal): Request {
  const { method = 'GET' } = request;
  const headers = new Headers();
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (notForTheApp.has(name)) continue;
    for (const value of values ?? []) headers.append(name, value);
  }
  if (request.headers.origin !== undefined) headers.set('origin', 'app://soundpost');
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(`app://soundpost${target}`, {
    method,
    headers,
    signal,
    ...(hasBody ? { body: bodyOf(request), duplex: 'half' } : {}),
  });
}

/** By hand, because `Readable.toWeb` throws where nothing can catch it when the client goes. */
function bodyOf(request: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = request[Symbol.asyncIterator]() as AsyncIterator<Buffer<ArrayBuffer>>;
  return new ReadableStream({
    pull: async (controller) => {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => {
      await chunks.return?.();
    },
  });
}

async function send(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  response: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  gone.addEventListener('abort', () => void reader.cancel().catch(() => undefined));
  try {
    response.flushHeaders();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || gone.aborted) break;
      if (!response.write(value)) await once(response, 'drain', { signal: gone });
    }
    response.end();
  } catch {
    // Cut off, so that the page sees a broken answer and not a short one.
    response.destroy();
  }
}
