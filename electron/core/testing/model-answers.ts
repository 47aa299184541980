import { encode } from '@msgpack/msgpack';
import { once } from 'node:events';
import { STATUS_CODES, type OutgoingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { echo as demoEcho } from '../demo/echo.ts';
import { sendAnswer, sendTrussError, TrussError } from '../demo/truss.ts';
import type { Behaviour } from './model-server.ts';

const OCTETS = 'application/octet-stream';

/** Returns what it is sent, as a Truss model does: the Demo's own Echo. */
export function echo(): Behaviour {
  return async ({ request, response, readChunk, signal }) => {
    const chunks: Buffer[] = [];
    for (let chunk = await readChunk(); chunk; chunk = await readChunk()) chunks.push(chunk);
    const binary = request.headers['content-type'] === OCTETS;
    const body = Buffer.concat(chunks);
    try {
      const answer = demoEcho({ body, binary, accept: undefined, signal });
      await sendAnswer(response, answer, { binary, signal });
    } catch (error) {
      if (!(error instanceof TrussError)) throw error;
      sendTrussError(response, error);
    }
  };
}

/** Answers these bytes with their length, under any content type: also one that is a lie, or none with `null`. */
export function answerBytes(bytes: Uint8Array, contentType: string | null = OCTETS): Behaviour {
  return async ({ response, readAll }) => {
    await readAll();
    if (contentType !== null) response.setHeader('content-type', contentType);
    response.writeHead(200, { 'content-length': bytes.length });
    response.end(bytes);
  };
}

/** Answers one msgpack value, as a Truss model does to a msgpack request. */
export function answerMsgpack(value: unknown): Behaviour {
  return answerBytes(encode(value));
}

/** Answers JSON, of any status, with any further headers: also what Baseten's edge says. */
export function answerJson(
  value: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: OutgoingHttpHeaders } = {},
): Behaviour {
  return async ({ response, readAll }) => {
    await readAll();
    const body = Buffer.from(JSON.stringify(value));
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': body.length,
      ...headers,
    });
    response.end(body);
  };
}

type Said = { headers?: Record<string, string>; type?: string };

/** An error answer of any status with any body; a value that is no text or bytes is sent as JSON. */
export function says(status: number, body: unknown, { headers = {}, type }: Said = {}): Behaviour {
  const bytes =
    body instanceof Uint8Array || typeof body === 'string'
      ? Buffer.from(body)
      : Buffer.from(JSON.stringify(body));
  return async ({ response, readAll }) => {
    await readAll();
    response.writeHead(status, {
      'content-type': type ?? 'application/json',
      'content-length': bytes.length,
      ...headers,
    });
    response.end(bytes);
  };
}

/** The edge's answer to a missing or wrong key. */
export function unauthorized(): Behaviour {
  return answerJson({ error: 'Invalid API key' }, { status: 401 });
}

/** Too many requests; try again in so many seconds, when it says. */
export function rateLimited(retryAfter?: number): Behaviour {
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return answerJson({ error: 'Too many requests' }, { status: 429, headers });
}

/** The edge's answer to a body over its limit, given after the whole body was sent. */
export function tooLarge(): Behaviour {
  return answerJson({ error: STATUS_CODES[413] }, { status: 413 });
}

/** The model raised an exception: exactly what Truss says, which is nothing about the cause. */
export function modelError(): Behaviour {
  return trussError(TrussError.fromModel(500, 'Internal Server Error (in model/chainlet).'));
}

/** Any error of Truss or of the model, with Truss's headers. */
export function trussError(error: TrussError): Behaviour {
  return async ({ response, readAll }) => {
    await readAll();
    sendTrussError(response, error);
  };
}

/** Sends the client elsewhere. 307 asks it to send the same body, and perhaps its key, again. */
export function redirect(to: string, status = 307): Behaviour {
  return async ({ response, readAll }) => {
    await readAll();
    response.writeHead(status, { location: to, 'content-length': 0 });
    response.end();
  };
}

type Stream = { everyMs?: number; contentType?: string };

/**
 * A generator's answer: each chunk as one HTTP chunk, `everyMs` milliseconds apart, ended cleanly. No chunks at all is
 * what a model that failed before its first chunk looks like.
 */
export function stream(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { everyMs = 0, contentType = OCTETS }: Stream = {},
): Behaviour {
  return async ({ response, readAll, signal }) => {
    await readAll();
    response.writeHead(200, { 'content-type': contentType });
    // Without this, Node would turn a stream without chunks into an answer of length 0.
    response.flushHeaders();
    let isFirst = true;
    for await (const chunk of chunks) {
      if (everyMs > 0 && !isFirst) await delay(everyMs, undefined, { signal });
      isFirst = false;
      if (!response.write(chunk)) await once(response, 'drain', { signal });
    }
    response.end();
  };
}

/** `bytes` cut in pieces of `size`, for `stream`. */
export function* slices(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size) {
    yield bytes.subarray(offset, offset + size);
  }
}

/**
 * A msgpack answer `{ byte_data: <bin> }` of any size, made while it is sent: byte number n of the bin is n modulo 251.
 * For measuring a client's memory.
 */
export function answerLargeBin(size: number): Behaviour {
  const head = Buffer.concat([encode({ byte_data: null }).subarray(0, -1), Buffer.alloc(5)]);
  head.writeUInt8(0xc6, head.length - 5);
  head.writeUInt32BE(size, head.length - 4);
  const pattern = Buffer.from(Array.from({ length: 251 * 1024 }, (_, i) => i % 251));
  return async ({ response, readAll, signal }) => {
    await readAll();
    response.writeHead(200, { 'content-type': OCTETS, 'content-length': head.length + size });
    response.write(head);
    for (let sent = 0; sent < size; sent += pattern.length) {
      const whole = response.write(pattern.subarray(0, size - sent));
      if (!whole) await once(response, 'drain', { signal });
    }
    response.end();
  };
}
