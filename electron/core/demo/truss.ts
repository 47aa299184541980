import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Whose fault Truss says it is: 500 the server's own, 600 the model's, 700 the client's. */
type TrussCode = 500 | 600 | 700;

/** An error as a Truss server answers it: a status, its own error code, and a text for people. */
export class TrussError extends Error {
  override name = 'TrussError' as const;
  readonly status: number;
  readonly code: TrussCode;

  constructor(status: number, code: TrussCode, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** The model refused its input by raising FastAPI's HTTPException. */
  static fromModel(status: number, message: string): TrussError {
    return new TrussError(status, 600, message);
  }

  /** Something in Truss itself threw; `exception` is Python's class name and text. */
  static unhandled(exception: string): TrussError {
    return new TrussError(500, 500, `Unhandled exception: ${exception}`);
  }
}

/** What Truss hands to a model. */
export type Prediction = {
  body: Buffer;
  /** The request said `application/octet-stream`: its body is one msgpack value, and so is the answer. */
  binary: boolean;
  accept: string | undefined;
  /** Aborts when the client goes. */
  signal: AbortSignal;
};

/** One whole message, or bytes that come as they are made. */
export type Answer = { message: Uint8Array } | { stream: AsyncIterable<Uint8Array> };

/** A length of 37 hexadecimal digits is what Baseten's own ids have. */
export function requestId(): string {
  return randomBytes(19).toString('hex').slice(1);
}

/**
 * Sends a model's answer the way Truss does: a message with its length, in the format the request came in; a stream in
 * chunks, always as `application/octet-stream`. Resolves when all is handed over or the client went.
 */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  { binary, signal }: Pick<Prediction, 'binary' | 'signal'>,
): Promise<void> {
  if ('message' in answer) {
    const type = binary ? 'application/octet-stream' : 'application/json';
    response.writeHead(200, { 'content-type': type, 'content-length': answer.message.byteLength });
    response.end(answer.message);
    return;
  }

  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  // The head goes out before the first chunk, and keeps a stream that turns out empty a chunked one.
  response.flushHeaders();
  for await (const chunk of answer.stream) {
    if (signal.aborted) return;
    if (!response.write(chunk)) await once(response, 'drain', { signal });
  }
  response.end();
}

/** Error bodies are JSON even for msgpack requests. */
export function sendTrussError(response: ServerResponse, error: TrussError): void {
  response.setHeader('x-baseten-error-source', '04');
  response.setHeader('x-baseten-error-code', String(error.code));
  const body = JSON.stringify({ error: error.message });
  response.writeHead(error.status, jsonHeaders(body));
  response.end(body);
}

/**
 * Refuses a request from in front of the model, as Baseten's edge does, without reading its body any further. Closing
 * at once would reset the connection, and a client that is still sending would lose the answer: so the socket stays
 * for `lingerFor` milliseconds or until the client closes it.
 */
export function refuse(
  response: ServerResponse,
  status: number,
  error: string,
  lingerFor = 1000,
): void {
  const body = JSON.stringify({ error });
  response.writeHead(status, { ...jsonHeaders(body), connection: 'close' });
  // Not `end`: Node would then read the rest of the request itself, to throw it away.
  response.write(body);
  const timer = setTimeout(() => response.destroy(), lingerFor);
  response.once('close', () => {
    clearTimeout(timer);
  });
}

function jsonHeaders(body: string) {
  return { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
}
