import { Dictionary, type Value } from '../codec/value.ts';
import { SoundpostError } from '../soundpost-error.ts';

/** A text this long that begins with "Error:" is a transcript or an essay. UTF-16 units. */
const LONGEST_ERROR = 4000;
const NO_ERROR = /^\s*(none|null|ok|no error|false|0)?\s*$/i;

/**
 * What a model says of its own failure though the server answered 200: `{"error": …}` (faster-whisper), `{"status":
 * "error", "message", "traceback"}` (MusicGen) or the text "Error: …" (Parakeet), as in Baseten's truss-examples. Null
 * when it says none: `{"error": null}` and a rate under `error` are answers.
 */
export function saidFailure(value: Value): string | null {
  if (typeof value === 'string') {
    return /^\s*Error:/.test(value) && value.length <= LONGEST_ERROR ? value.trim() : null;
  }
  if (!(value instanceof Dictionary)) return null;
  const own = errorWords(value.get('error'));
  if (own !== null) return own;
  const status = value.get('status');
  const isFailed =
    (typeof status === 'string' && /^(error|failed|failure)$/i.test(status)) ||
    value.get('success') === false ||
    value.get('error') === true ||
    value.get('type') === 'error';
  if (!isFailed) return null;
  const words = ['message', 'detail', 'traceback']
    .map((key) => value.get(key))
    .filter((word): word is string => typeof word === 'string' && word !== '');
  return words.length > 0 ? words.join('\n') : 'It says no more than that.';
}

function errorWords(error: Value | undefined): string | null {
  if (typeof error === 'string') return NO_ERROR.test(error) ? null : error;
  if (Array.isArray(error)) return error.length > 0 ? errorWords(error[0]) : null;
  if (!(error instanceof Dictionary)) return null;
  const words = ['message', 'detail', 'error', 'code', 'type']
    .map((key) => error.get(key))
    .find((word) => typeof word === 'string' && word !== '');
  return typeof words === 'string' ? words : null;
}

/** That failure for the user, with the model's words as `detail`. */
export function answerIsError(words: string): SoundpostError {
  return new SoundpostError(
    'answer_is_error',
    'The model answered with an error of its own, though the server said all was well. Its words are below.',
    { detail: words },
  );
}
