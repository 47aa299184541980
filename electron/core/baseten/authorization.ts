import type { Intent } from '../../contract/intent.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { isBasetenHost, isLoopback } from './endpoint.ts';

/** What the user said when asked whether a host that is not Baseten's may have the key. */
export type HostDecision = 'send-key' | 'send-without-key' | 'cancel';

type Options = {
  url: URL;
  auth: Intent['auth'];
  key: string | null;
  isApproved: (origin: string) => Promise<boolean>;
  /** Asks the user; `send-key` is remembered by whoever asks. */
  askForHost: (origin: string) => Promise<HostDecision>;
};

/**
 * The `Authorization` header for a host, or none. The key goes to Baseten's hosts, which are listed literally, and to
 * origins the user said yes to, one by one; never over plain http to another computer.
 * `Api-Key` is accepted by Baseten everywhere, `Bearer` is its newer spelling (API reference, "Authentication").
 * @throws SoundpostError `key_missing`, `host_not_approved`, `invalid_target`
 */
export async function authorization(options: Options): Promise<Record<string, string>> {
  const { url, auth, key } = options;
  if (isBasetenHost(url)) {
    if (key !== null) return header(auth, key);
    throw new SoundpostError(
      'key_missing',
      'Baseten needs your API key for this model. Paste it on the left, or set BASETEN_API_KEY.',
    );
  }
  const isPlain = url.protocol === 'http:' && !isLoopback(url);
  if (isPlain && key !== null) {
    throw new SoundpostError(
      'invalid_target',
      `Your key must not travel unencrypted, and ${url.host} is asked over http. Use its https address.`,
    );
  }
  if (key === null) return {};
  if (await options.isApproved(url.origin)) return header(auth, key);
  switch (await options.askForHost(url.origin)) {
    case 'send-key':
      return header(auth, key);
    case 'send-without-key':
      return {};
    case 'cancel':
      throw new SoundpostError(
        'host_not_approved',
        `Nothing was sent: ${url.host} is not a host you have allowed to have your key.`,
      );
  }
}

const header = (auth: Intent['auth'], key: string): Record<string, string> => ({
  authorization: `${auth === 'bearer' ? 'Bearer' : 'Api-Key'} ${key}`,
});
