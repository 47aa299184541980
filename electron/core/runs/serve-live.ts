import type { LiveAnswer } from './live-answer.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** Little enough to be there at once, enough that fast streams need few requests. */
const MOST_BYTES = 256 * 1024;
/** Milliseconds. */
const PATIENCE = 1000;

/**
 * Answers `GET …/live/sound?from=OFFSET` and `…/live/words` (see `Live`). Never typed as anything but bytes: they are a
 * stranger's, and who asks for them judges them by themselves. `room` is shared by all answers of one app.
 */
export async function serveLive(
  request: Request,
  answer: LiveAnswer,
  room: WaitingRoom,
): Promise<Response> {
  if (request.method !== 'GET') return new Response(null, { status: 405 });
  const from = Number(new URL(request.url).searchParams.get('from') ?? '0');
  if (!Number.isSafeInteger(from) || from < 0) return new Response(null, { status: 400 });
  const { bytes, received, isComplete } = await answer.read(from, MOST_BYTES, PATIENCE, room);
  return new Response(new Uint8Array(bytes), {
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
