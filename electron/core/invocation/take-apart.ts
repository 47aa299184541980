import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';
import { decodeAnswer } from './decode-answer.ts';
import { answerKind } from './headerless.ts';
import { rawAnswer } from './raw-answer.ts';
import type { DecodedAnswer, Received } from './received.ts';

/** What came of an answer, and what went wrong on this computer meanwhile. */
type TakenApart = { decoded: DecodedAnswer; failure?: unknown };

/** Decodes an answer. When that fails, as on a full disk, the answer stays whole, so that nothing received is lost. */
export async function takeApart(received: Received): Promise<TakenApart> {
  try {
    return { decoded: await decodeAnswer(received) };
  } catch (error) {
    const failure = inWords(error);
    try {
      return { decoded: await rawAnswer(received, await answerKind(received)), failure };
    } catch {
      // It can't be read at all; the first failure says why.
      return { decoded: { parts: [], warnings: [] }, failure };
    }
  }
}

function inWords(error: unknown): unknown {
  if (!hasErrorCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EIO', 'ESTALE')) return error;
  return new SoundpostError(
    'disk_error',
    'The run’s folder on this computer is gone or can’t be read, so the answer can’t be shown. Check the disk and run it again.',
    { cause: error },
  );
}
