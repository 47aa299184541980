import { SoundpostError } from '../soundpost-error.ts';

/** A usage error: what was written and what is wanted instead. */
export const wrong = (message: string): SoundpostError =>
  new SoundpostError('invalid_request', message);

/** The word that an option's value is. @throws SoundpostError `invalid_request` when it is none of those allowed */
export function choice<const T extends string>(
  option: string,
  value: string,
  allowed: readonly T[],
): T {
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw wrong(`--${option} is one of ${allowed.join(', ')}.`);
  return found;
}
