import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { refuse } from '../demo/truss.ts';
import type { Behaviour, Exchange } from './model-server.ts';

const OCTETS = 'application/octet-stream';

/** Takes the whole request and never says a word: a cold start without end. */
export function stallBeforeHeaders(): Behaviour {
  return async (exchange) => {
    await exchange.readAll();
    await untilGone(exchange);
  };
}

/** Promises all of `bytes`, sends `after` of them, and then nothing more. */
export function stallMidBody(bytes: Uint8Array, after: number): Behaviour {
  return async (exchange) => {
    await exchange.readAll();
    promise(exchange, bytes.length).write(bytes.subarray(0, after));
    await untilGone(exchange);
  };
}

/** Sends these bytes as a stream, and then neither more nor the end: a generator that hangs. */
export function stallMidStream(bytes: Uint8Array): Behaviour {
  return async (exchange) => {
    await exchange.readAll();
    exchange.response.writeHead(200, { 'content-type': OCTETS });
    exchange.response.write(bytes);
    await untilGone(exchange);
  };
}

/** Takes the whole request, then resets the connection: a container that crashed. */
export function dropBeforeHeaders(): Behaviour {
  return async (exchange) => {
    await exchange.readAll();
    exchange.request.socket.resetAndDestroy();
  };
}

/** Resets the connection after this many bytes of the upload. */
export function dropMidUpload(after: number): Behaviour {
  return async (exchange) => {
    await readAtLeast(exchange, after);
    exchange.request.socket.resetAndDestroy();
  };
}

/** Promises all of `bytes`, sends `after` of them, and closes the connection. */
export function cutMidBody(bytes: Uint8Array, after: number): Behaviour {
  return async (exchange) => {
    await exchange.readAll();
    const response = promise(exchange, bytes.length);
    response.write(bytes.subarray(0, after), () => exchange.request.socket.destroy());
  };
}

/** Sends these bytes as a stream and closes the connection without the last chunk: an error or a timeout in a stream. */
export function cutStream(bytes: Uint8Array): Behaviour {
  return async ({ request, response, readAll }) => {
    await readAll();
    response.writeHead(200, { 'content-type': OCTETS });
    response.write(bytes, () => request.socket.destroy());
  };
}

/** Speaks something that is not HTTP. */
export function answerGarbage(): Behaviour {
  return async ({ request, readAll }) => {
    await readAll();
    request.socket.end('This is not HTTP\r\n\r\n');
  };
}

/**
 * Answers 413 after `after` bytes of the upload, while the client still sends, and reads no more. `lingerFor`
 * milliseconds later it closes the connection, which resets it; with 0 the client may lose the answer, as it may with
 * a real edge.
 */
export function refuseEarly({ after = 0, lingerFor = 1000 } = {}): Behaviour {
  return async (exchange) => {
    await readAtLeast(exchange, after);
    refuse(exchange.response, 413, 'Request Entity Too Large', lingerFor);
  };
}

/** Reads the upload at about so many bytes a second, then behaves as `then`. */
export function readSlowly(bytesPerSecond: number, then: Behaviour): Behaviour {
  return async (exchange) => {
    for (let chunk = await exchange.readChunk(); chunk; chunk = await exchange.readChunk()) {
      const milliseconds = (chunk.length / bytesPerSecond) * 1000;
      await delay(milliseconds, undefined, { signal: exchange.signal });
    }
    await then(exchange);
  };
}

/**
 * Reads `after` bytes of the upload, pauses until `opened` resolves, and then goes on as `then`. The system takes some
 * megabytes of the upload by itself, so what the client could hand over is more than what was read. While nothing is
 * read, a client that leaves is not noticed either.
 */
export function pauseUpload(after: number, opened: Promise<void>, then: Behaviour): Behaviour {
  return async (exchange) => {
    await readAtLeast(exchange, after);
    await Promise.race([opened, untilGone(exchange)]);
    if (!exchange.signal.aborted) await then(exchange);
  };
}

async function readAtLeast(exchange: Exchange, bytes: number): Promise<void> {
  let read = 0;
  while (read < bytes) {
    const chunk = await exchange.readChunk();
    if (!chunk) return;
    read += chunk.length;
  }
}

function promise({ response }: Exchange, length: number) {
  return response.writeHead(200, { 'content-type': OCTETS, 'content-length': length });
}

async function untilGone({ signal }: Exchange): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
