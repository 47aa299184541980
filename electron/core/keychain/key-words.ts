import type { Installation, KeptKey } from '../../contract/key.ts';
import { SoundpostError } from '../soundpost-error.ts';

/** What a key is called that nobody has named. */
export const nameFor = ({ account }: Pick<KeptKey, 'account'>): string =>
  account
    ?.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '')
    .slice(0, 60)
    .trim() || 'Baseten';

export const notKept = (name: string): SoundpostError =>
  new SoundpostError(
    'key_missing',
    `Nothing was sent: this request is sent with the key “${name}”, and no key of that name is kept on this computer. Add it, or choose another key for the request.`,
  );

export const goneFromKeychain = (name: string): SoundpostError =>
  new SoundpostError(
    'key_missing',
    `The key “${name}” is listed and is not in the system's keychain any more. Remove it from the list and add it again.`,
  );

/** What a kept key's check means when Baseten says no; any other error as it is. */
export function notKnownAnyMore(error: unknown): never {
  if (!(error instanceof SoundpostError) || error.code !== 'unauthorized') throw error;
  throw new SoundpostError(
    'unauthorized',
    'Baseten does not know this key any more. Make a new one in your Baseten workspace, add it here and remove this one.',
    { cause: error },
  );
}

/** The user was asked whether the key may be sent there. */
export const notAllowed = ({ management }: Installation): SoundpostError =>
  new SoundpostError(
    'host_not_approved',
    `Nothing was sent: you did not agree that a key goes to ${new URL(management).host}. Add it again and agree.`,
  );
