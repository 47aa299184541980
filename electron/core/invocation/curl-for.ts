import type { Intent } from '../../contract/intent.ts';
import { hasKeyByRight, schemeOf } from '../baseten/authorization.ts';
import { endpointUrl } from '../baseten/endpoint.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { curlCommand } from './curl-command.ts';
import type { InvokeContext } from './invoke.ts';
import { sendableBody } from './preflight.ts';

/**
 * The curl command that sends what a run of this intent would send. A host that was not allowed to have the key is sent
 * none. Needs no key and no network, and asks nobody.
 * @throws SoundpostError `invalid_request` for the demo, and what a run throws before it sends
 */
export async function curlFor(
  intent: Intent,
  { openInput, isApproved, keys }: Pick<InvokeContext, 'openInput' | 'isApproved' | 'keys'>,
): Promise<{ command: string; sendsKey: boolean }> {
  if (intent.target.kind === 'demo') {
    throw new SoundpostError(
      'invalid_request',
      'The demo lives inside Soundpost, where curl can’t reach it. Give a model or an address.',
    );
  }
  const body = await sendableBody(intent, openInput);
  const { keyName } = intent;
  const { home } = await keys.choose(keyName);
  const url = endpointUrl(intent.target, home.inference);
  const sendsKey = await hasKeyByRight({ url, keyName, keys, isApproved });
  const keyAs = sendsKey ? schemeOf(intent.auth) : null;
  return { command: curlCommand({ url, keyAs, body }), sendsKey };
}
