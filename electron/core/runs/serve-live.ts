import type { LiveAnswer } from './live-answer.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** Little enough to be there at once, enough that fast streams need few requests. */
const MOST_BYTES = 256 * 1024;
/** Milliseconds. */
const PATIENCE = 1000;

/**
 * Answers `GET …/live/sound?from=OFFSET` and `…/live/words` (see `Live`). Never typed as anything but bytes: they are a
 * stranger's, and who asks for them judges them by themselves. `room` is shared by all answers of one app.
 *
 * With `&flow=1` what comes within the next second follows in the same response, as a request for each packet of a stream
 * costs more than its sound; its headers speak of the first bytes alone, and it never tells the end.
 */
export async function serveLive(
  request: Request,
  answer: LiveAnswer,
  room: WaitingRoom,
): Promise<Response> {
  if (request.method !== 'GET') return new Response(null, { status: 405 });
  const { searchParams } = new URL(request.url);
  const from = Number(searchParams.get('from') ?? '0');
  if (!Number.isSafeInteger(from) || from < 0) return new Response(null, { status: 400 });
  const first = await answer.read(from, MOST_BYTES, PATIENCE, room);
  const { bytes, received, isComplete } = first;
  const flows = searchParams.get('flow') === '1' && bytes.length > 0 && !isComplete;
  return new Response(flows ? flowOf(bytes, from, answer, room) : new Uint8Array(bytes), {
    headers: {
      'content-type': 'application/octet-stream',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'x-live-received': String(received),
      'x-live-complete': isComplete ? '1' : '0',
      // Who got nothing then should not come again at once.
      'x-live-crowded': room.isFull ? '1' : '0',
    },
  });
}

/** What comes within a second, as it comes, unless others need the connection. */
function flowOf(
  first: Uint8Array,
  from: number,
  answer: LiveAnswer,
  room: WaitingRoom,
): ReadableStream<Uint8Array> {
  const until = performance.now() + PATIENCE;
  let at = from + first.length;
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        controller.enqueue(first);
      },
      pull: async (controller) => {
        const patience = until - performance.now();
        const most = from + MOST_BYTES - at;
        const isOver = patience <= 0 || most <= 0 || room.isFull;
        const { bytes } = isOver
          ? { bytes: new Uint8Array() }
          : await answer.read(at, most, patience, room);
        at += bytes.length;
        if (bytes.length === 0) controller.close();
        else controller.enqueue(bytes);
      },
    },
    { highWaterMark: 0 },
  );
}
