/**
 * A real HTTP server for tests, standing for a model on Baseten. It records what it is sent, and each test scripts its
 * answers with the behaviours of model-answers.ts (what a model does) and model-faults.ts (what goes wrong):
 *
 *     await using server = await startModelServer();
 *     server.answer('/production/predict', rateLimited(2), echo());
 *     // run against server.url + '/production/predict', then look at server.requests
 */
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { requestId } from '../demo/truss.ts';

/** Bytes of a request's body that are kept; of a longer one only its length and hash. */
const KEPT_BODY = 1024 * 1024;

/** What the server saw of one request. It grows while the request comes in. */
type SeenRequest = {
  method: string;
  /** with the query */
  path: string;
  headers: IncomingHttpHeaders;
  /** names and values in turn, as sent: shows doubled headers and their case */
  rawHeaders: string[];
  /** bytes of the body read so far */
  length: number;
  /** The whole body arrived. */
  complete: boolean;
  /** of the whole body; undefined until it arrived */
  sha256?: string;
  /** The whole body, unless it is longer than 1 MiB. */
  body?: Buffer;
  /** Resolves when the answer is finished or the connection is gone, with whether the answer got out whole. */
  ended: Promise<{ answered: boolean }>;
};

/** One request being answered: what a behaviour works with. */
export type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  /** Reads a little more of the body; undefined at its end. Nothing is read that is not asked for. */
  readChunk: () => Promise<Buffer | undefined>;
  /** Reads the rest of the body and keeps no more of it than `SeenRequest` does. */
  readAll: () => Promise<void>;
  /** Aborts when the client goes. */
  signal: AbortSignal;
};

/** How one request is answered. It may throw when the client goes; any other error fails the test. */
export type Behaviour = (exchange: Exchange) => Promise<void> | void;

export type ModelServer = AsyncDisposable & {
  /** `http://127.0.0.1:PORT`, without a slash at its end */
  url: string;
  /** In the order they came. */
  requests: SeenRequest[];
  /** Scripts the next requests to `path`, one behaviour each; the last is used for all that follow. */
  answer(path: string, ...behaviours: [Behaviour, ...Behaviour[]]): void;
  /** Waits until this many requests have come in all, and gives the last of these. */
  waitForRequest(count?: number): Promise<SeenRequest>;
  close(): Promise<void>;
};

/** Starts the server on a free port of 127.0.0.1. A path without a script is answered 404. */
export async function startModelServer(): Promise<ModelServer> {
  const scripts = new Map<string, Behaviour[]>();
  const requests: SeenRequest[] = [];
  const arrivals = new EventEmitter();
  const server = createServer((request, response) => {
    const { seen, exchange } = record(request, response);
    requests.push(seen);
    arrivals.emit('request');
    const script = scripts.get((request.url ?? '').replace(/\?.*/, '')) ?? [notFound];
    const behaviour = (script.length > 1 ? script.shift() : script[0]) ?? notFound;
    response.setHeader('x-baseten-request-id', requestId());
    void behave(behaviour, exchange);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (path, ...behaviours) => {
      scripts.set(path, behaviours);
    },
    waitForRequest: async (count = 1) => {
      for (;;) {
        const request = requests[count - 1];
        if (request) return request;
        await once(arrivals, 'request');
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The address of a port nobody listens on: connections to it are refused. */
export async function refusingUrl(): Promise<string> {
  const server = await startModelServer();
  await server.close();
  return server.url;
}

async function behave(behaviour: Behaviour, exchange: Exchange): Promise<void> {
  try {
    await behaviour(exchange);
  } catch (error) {
    // Unhandled on purpose for anything else: the test runner then shows the behaviour's own fault.
    if (!exchange.signal.aborted && !exchange.request.destroyed) throw error;
  }
}

function record(request: IncomingMessage, response: ServerResponse) {
  const { method = '', url: path = '', headers, rawHeaders } = request;
  const gone = new AbortController();
  const ended = new Promise<{ answered: boolean }>((resolve) => {
    response.once('close', () => {
      gone.abort();
      resolve({ answered: response.writableFinished });
    });
  });
  const seen: SeenRequest = {
    ...{ method, path, headers, rawHeaders, ended },
    length: 0,
    complete: false,
  };

  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>;
  const hash = createHash('sha256');
  const kept: Buffer[] = [];
  const readChunk = async () => {
    if (seen.complete) return undefined;
    const { value } = await chunks.next();
    if (!value) {
      seen.complete = true;
      seen.sha256 = hash.digest('hex');
      if (seen.length <= KEPT_BODY) seen.body = Buffer.concat(kept);
      return undefined;
    }
    seen.length += value.length;
    hash.update(value);
    if (seen.length <= KEPT_BODY) kept.push(value);
    return value;
  };
  const readAll = async () => {
    while (await readChunk()) continue;
  };
  const exchange: Exchange = { request, response, readChunk, readAll, signal: gone.signal };
  return { seen, exchange };
}

async function notFound({ response, readAll }: Exchange): Promise<void> {
  await readAll();
  response.writeHead(404, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: 'The test has no script for this path' }));
}
