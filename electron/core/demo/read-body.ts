import type { IncomingMessage } from 'node:http';

/** The body is over the limit; it was not read to its end. */
export class BodyTooLarge extends Error {
  override name = 'BodyTooLarge' as const;
}

/** Where a body of unknown length starts to grow from. */
const FIRST_GUESS = 64 * 1024;

/**
 * Reads a request's body into one buffer. With a Content-Length its bytes are copied once, into their final place, so
 * that a big body costs no more memory than itself.
 * @throws BodyTooLarge above `limit` bytes, leaving the rest unread; also the socket's error when the client goes.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const declared = request.headers['content-length'];
  if (Number(declared) > limit) throw new BodyTooLarge();
  let body: Buffer = Buffer.allocUnsafeSlow(declared ? Number(declared) : FIRST_GUESS);
  let length = 0;

  // Leaving the loop must not destroy the socket: the client is still to be told why.
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of chunks) {
    if (length + chunk.length > limit) throw new BodyTooLarge();
    if (length + chunk.length > body.length) body = grown(body, length + chunk.length);
    chunk.copy(body, length);
    length += chunk.length;
  }
  return body.subarray(0, length);
}

function grown(body: Buffer, needed: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, body.length * 2));
  body.copy(larger);
  return larger;
}
