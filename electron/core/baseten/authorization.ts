import type { Intent } from '../../contract/intent.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { isBasetenHost, isLoopback } from './endpoint.ts';

/** What the user said when asked whether a host that is not Baseten's may have the key. `send-key` is remembered. */
export type HostDecision = 'send-key' | 'send-without-key' | 'cancel';

type Options = {
  url: URL;
  auth: Intent['auth'];
  useKey: () => Promise<string | null>;
  isApproved: (origin: string) => Promise<boolean>;
  askForHost: (origin: string) => Promise<HostDecision>;
};

/**
 * The `Authorization` header for a host, or none. The key goes to Baseten's hosts, which are listed literally, and to
 * origins the user said yes to, one by one; never over plain http to another computer.
 * `Api-Key` is accepted by Baseten everywhere, `Bearer` is its newer spelling (API reference, "Authentication").
 * @throws SoundpostError `key_missing`, `host_not_approved`, `invalid_target`
 */
export async function authorization(options: Options): Promise<Record<string, string>> {
  const { url, auth, useKey } = options;
  if (isBasetenHost(url)) {
    const key = await useKey();
    if (key !== null) return header(auth, key);
    throw new SoundpostError(
      'key_missing',
      'Baseten needs your API key for this model. Paste it in Soundpost, or set BASETEN_API_KEY.',
    );
  }
  const isApproved = await options.isApproved(url.origin);
  // A host that was never promised the key works without one, so a keychain that can't be read is no obstacle.
  const key = isApproved ? await useKey() : await keyOrNone(useKey);
  if (key === null) return {};
  mustBeEncrypted(url);
  if (isApproved) return header(auth, key);
  switch (await options.askForHost(url.origin)) {
    case 'send-key':
      return header(auth, key);
    case 'send-without-key':
      return {};
    case 'cancel':
      throw new SoundpostError(
        'host_not_approved',
        `Nothing was sent: you have not allowed ${url.host} to have your key. Allow it when asked, or with --allow-host ${url.host} on the command line.`,
      );
  }
}

/**
 * Whether a host gets the key without anybody being asked.
 * @throws SoundpostError `invalid_target` for plain http to another computer
 */
export async function hasKeyByRight(url: URL, isApproved: Options['isApproved']): Promise<boolean> {
  if (isBasetenHost(url)) return true;
  if (!(await isApproved(url.origin))) return false;
  mustBeEncrypted(url);
  return true;
}

function mustBeEncrypted(url: URL): void {
  if (url.protocol !== 'http:' || isLoopback(url)) return;
  throw new SoundpostError(
    'invalid_target',
    `Your key must not travel unencrypted, and ${url.host} is asked over http. Use its https address.`,
  );
}

async function keyOrNone(useKey: Options['useKey']): Promise<string | null> {
  try {
    return await useKey();
  } catch (error) {
    const isKeychain = error instanceof SoundpostError && error.code.startsWith('keychain_');
    if (isKeychain) return null;
    throw error;
  }
}

const header = (auth: Intent['auth'], key: string): Record<string, string> => ({
  authorization: `${schemeOf(auth)} ${key}`,
});

/** The word before the key in the `Authorization` header. */
export const schemeOf = (auth: Intent['auth']): 'Api-Key' | 'Bearer' =>
  auth === 'bearer' ? 'Bearer' : 'Api-Key';
