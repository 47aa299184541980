import { SoundpostError } from '../soundpost-error.ts';
import { parseKey } from './parse-key.ts';

/** What BASETEN_API_KEY held: a key, or something that is none. */
export type EnvironmentKey =
  { key: string; problem?: never } | { key?: never; problem: SoundpostError };

/** Reads the variable's value; null when it is not set, or empty. */
export function environmentKey(value: string | undefined): EnvironmentKey | null {
  if (!value?.trim()) return null;
  try {
    return { key: parseKey(value) };
  } catch (cause) {
    const problem = new SoundpostError(
      'key_malformed',
      'The environment variable BASETEN_API_KEY is set, but what it holds is not a key. Correct or unset it, and start Soundpost again.',
      { cause },
    );
    return { problem };
  }
}
