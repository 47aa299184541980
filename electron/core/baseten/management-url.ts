import { SoundpostError } from '../soundpost-error.ts';
import { isLoopback } from './endpoint.ts';

/**
 * Baseten's management API, or the address that its official command line takes from the same variable, for other
 * installations. @throws SoundpostError `invalid_target` when that is not https (plain http only to this computer)
 */
export function managementUrl(environment: Record<string, string | undefined>): string {
  const override = environment['BASETEN_MANAGEMENT_API_URL_OVERRIDE'];
  if (!override) return 'https://api.baseten.co';
  const url = URL.parse(override);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))) {
    return url.href.replace(/\/$/, '');
  }
  throw new SoundpostError(
    'invalid_target',
    'BASETEN_MANAGEMENT_API_URL_OVERRIDE is not an https address. Correct it or unset it.',
  );
}
