import type { Intent } from '../../contract/intent.ts';
import type { KeyMark } from '../../contract/settings.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { isBasetenHost, isLoopback } from './endpoint.ts';
import { isAtHome, isBaseten } from './installation.ts';
import type { ChosenKey, KeyChoice } from './key-choice.ts';

/** A host that is nobody's is about to be asked, with this key or without any. */
export type HostQuestion = { origin: string; key: (KeyMark & { name: string | null }) | null };

/** What the user said to that. A yes is remembered for the host and the key together. */
export type HostDecision = 'send-key' | 'send-without-key' | 'cancel';

type Place = {
  url: URL;
  /** The key that the request names. */
  keyName?: string | undefined;
  keys: KeyChoice;
  /** Whether the user allowed a host to be asked with this key, or without any. */
  isApproved: (origin: string, key: KeyMark | null) => Promise<boolean>;
};

type Options = Place & {
  auth: Intent['auth'];
  askForHost: (question: HostQuestion) => Promise<HostDecision>;
};

/**
 * The `Authorization` header for a host, or none. A key goes to the hosts of its own installation: Baseten's are listed
 * literally. To hosts that are nobody's goes a key of Baseten's, once the user said yes to the host for this very key; a key of another
 * installation goes to no other host, whatever was approved or named. Never over plain http to another computer. A host that is
 * nobody's is not asked without a key either before the user said yes: the page may be in a stranger's hand.
 * `Api-Key` is accepted by Baseten everywhere, `Bearer` is its newer spelling (API reference, "Authentication").
 * @throws SoundpostError `key_missing`, `host_not_approved`, `invalid_target`
 */
export async function authorization(options: Options): Promise<Record<string, string>> {
  const { url, auth } = options;
  if (auth === 'none') {
    if (!isBasetenHost(url)) await mustBeKnown(options);
    return {};
  }
  const chosen = await keyFor(options);
  if (chosen && isAtHome(url, chosen.home)) {
    const key = await chosen.use();
    if (key === null) throw missing();
    mustBeEncrypted(url);
    return header(auth, key);
  }
  const isApproved = chosen !== null && (await options.isApproved(url.origin, chosen));
  // A host that was never promised the key works without one, so a keychain that can't be read is no obstacle.
  const key = chosen && (isApproved ? await chosen.use() : await keyOrNone(chosen));
  if (chosen === null || key === null) {
    await mustBeKnown(options);
    return {};
  }
  mustBeEncrypted(url);
  if (isApproved) return header(auth, key);
  const { id, name } = chosen;
  const question = { origin: url.origin, key: { id, name, last4: key.slice(-4) } };
  switch (await options.askForHost(question)) {
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

/** Before a host is asked without a key. */
async function mustBeKnown({ url, isApproved, askForHost }: Options): Promise<void> {
  if (await isApproved(url.origin, null)) return;
  if ((await askForHost({ origin: url.origin, key: null })) !== 'cancel') return;
  throw new SoundpostError(
    'host_not_approved',
    `Nothing was sent: you have not allowed ${url.host} to be asked. Run it again and allow it.`,
  );
}

/** The key for a host, by whose host it is; null when the one in use is another installation's. */
async function keyFor({ url, keys, keyName }: Place): Promise<ChosenKey | null> {
  const chosen = await keys.choose(keyName);
  if (isAtHome(url, chosen.home)) return chosen;
  const owner = await keys.ownerOf(url);
  const mayLeave = owner === null && isBaseten(chosen.home);
  if (keyName !== undefined && !mayLeave) throw elsewhere(chosen, url);
  if (owner) return owner;
  if (mayLeave) return chosen;
  if (isBasetenHost(url)) throw missing();
  return null;
}

/**
 * Whether a host gets a key without anybody being asked.
 * @throws SoundpostError `invalid_target` for plain http to another computer; `key_missing`, `host_not_approved` as a run would
 */
export async function hasKeyByRight(place: Place): Promise<boolean> {
  const { url } = place;
  if (isBasetenHost(url) && place.keyName === undefined) return true;
  const chosen = await keyFor(place);
  if (chosen === null) return false;
  const has = isAtHome(url, chosen.home) || (await place.isApproved(url.origin, chosen));
  if (has) mustBeEncrypted(url);
  return has;
}

function missing(): SoundpostError {
  return new SoundpostError(
    'key_missing',
    'Baseten needs your API key for this model. Paste it in Soundpost, or set BASETEN_API_KEY.',
  );
}

function elsewhere({ name, home }: ChosenKey, url: URL): SoundpostError {
  const whose = isBaseten(home) ? 'Baseten' : new URL(home.management).host;
  return new SoundpostError(
    'host_not_approved',
    `Nothing was sent: the key “${name ?? ''}” belongs to ${whose} and is not sent to ${url.host}. Choose another key for this request.`,
  );
}

function mustBeEncrypted(url: URL): void {
  if (url.protocol !== 'http:' || isLoopback(url)) return;
  throw new SoundpostError(
    'invalid_target',
    `Your key must not travel unencrypted, and ${url.host} is asked over http. Use its https address, or none as the authorization.`,
  );
}

async function keyOrNone(chosen: ChosenKey): Promise<string | null> {
  try {
    return await chosen.use();
  } catch (error) {
    const isKeychain = error instanceof SoundpostError && error.code.startsWith('keychain_');
    if (isKeychain) return null;
    throw error;
  }
}

/** The words before a key. */
type Scheme = Exclude<Intent['auth'], 'none'>;

const header = (auth: Scheme, key: string): Record<string, string> => ({
  authorization: `${schemeOf(auth)} ${key}`,
});

/** The word before the key in the `Authorization` header. */
export const schemeOf = (auth: Scheme): 'Api-Key' | 'Bearer' =>
  auth === 'bearer' ? 'Bearer' : 'Api-Key';
