import { SoundpostError } from '../soundpost-error.ts';

const SESSION_ONLY = 'The key can also be used for this session only.';
const IN_ENVIRONMENT = 'Or set BASETEN_API_KEY.';

/** A keychain's failure with what helps on the command line, which has no session; any other error as it is. */
export function keychainWords(error: unknown): unknown {
  if (!(error instanceof SoundpostError)) return error;
  if (error.code !== 'keychain_unavailable' && error.code !== 'keychain_locked') return error;
  const words = error.message.replace(SESSION_ONLY, '').trimEnd();
  return new SoundpostError(error.code, `${words} ${IN_ENVIRONMENT}`, { cause: error });
}
