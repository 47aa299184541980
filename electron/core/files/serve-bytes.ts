import type { ByteSource } from './byte-source.ts';

const CHUNK_BYTES = 256 * 1024;

/** Media types that may be named to the page. A model's HTML or script must never be more than bytes on our origin. */
const harmless = /^audio\/(wav|mpeg|aac|ogg|flac|mp4|webm|aiff)$/;

/**
 * Answers a GET or HEAD for bytes, with one Range (RFC 9110 §14). Sandboxed and never sniffed, since the bytes are a
 * stranger's.
 */
export function serveBytes(
  request: Request,
  pieces: readonly ByteSource[],
  mediaType: string,
): Response {
  const size = pieces.reduce((sum, piece) => sum + piece.size, 0);
  const headers = new Headers({
    'content-type': harmless.test(mediaType) ? mediaType : 'application/octet-stream',
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  });
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return new Response(null, { status: 405 });

  const range = parseRange(request.headers.get('range'), size);
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: size };
  headers.set('content-length', String(end - start));
  if (range) headers.set('content-range', `bytes ${start}-${end - 1}/${size}`);
  const body = request.method === 'HEAD' ? null : stream(pieces, start, end);
  return new Response(body, { status: range ? 206 : 200, headers });
}

type Span = { start: number; end: number };

/** The bytes that a Range header asks for, `end` exclusive. Null means all: no header, or one that must be ignored. */
export function parseRange(header: string | null, size: number): Span | 'unsatisfiable' | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < start) return null;
  return start >= size ? 'unsatisfiable' : { start, end };
}

/** Pulled, so that a reader that stops costs nothing; each pull reads for itself, so that none leaves a file open. */
function stream(
  pieces: readonly ByteSource[],
  start: number,
  end: number,
): ReadableStream<Uint8Array> {
  let position = start;
  return new ReadableStream(
    {
      async pull(controller) {
        const bytes = await readAcross(pieces, position, Math.min(CHUNK_BYTES, end - position));
        position += bytes.length;
        if (bytes.length > 0) controller.enqueue(bytes);
        if (position >= end || bytes.length === 0) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

async function readAcross(
  pieces: readonly ByteSource[],
  at: number,
  length: number,
): Promise<Uint8Array> {
  let before = 0;
  for (const piece of pieces) {
    if (at < before + piece.size)
      return piece.read(at - before, Math.min(length, before + piece.size - at));
    before += piece.size;
  }
  return new Uint8Array(0);
}
