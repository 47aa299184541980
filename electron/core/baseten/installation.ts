import type { Installation } from '../../contract/key.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { basetenModels, isBasetenHost, isLoopback } from './endpoint.ts';
import { managementUrl } from './management-url.ts';

/** Baseten's own cloud (API reference, "Inference hosts"). */
export const baseten: Installation = {
  management: 'https://api.baseten.co',
  inference: basetenModels,
};

/** Stands for an id where an address is parsed, since a host can't hold braces. */
const STAND_IN = 'soundpost-id';

/**
 * What keys belong to that are pasted or come from the environment: Baseten's cloud, or the addresses that its official
 * command line takes from the same variables. @throws SoundpostError `invalid_target`
 */
export function usualInstallation(environment: Record<string, string | undefined>): Installation {
  const inference = environment['BASETEN_INFERENCE_BASE_URL_OVERRIDE'] || baseten.inference;
  return checkedInstallation({ management: managementUrl(environment), inference });
}

/** True when its models are Baseten's own. */
export const isBaseten = ({ inference }: Pick<Installation, 'inference'>): boolean =>
  inference === baseten.inference;

export const isSame = (one: Installation, other: Installation): boolean =>
  one.management === other.management && one.inference === other.inference;

/**
 * Addresses that a key may be sent to, written the one way.
 * @throws SoundpostError `invalid_target` for one that is not https (plain http only to this computer), or an `{id}` that
 * could stand for hosts of several owners
 */
export function checkedInstallation({ management, inference }: Installation): Installation {
  return { management: checked(management, 'management'), inference: checked(inference, 'models') };
}

function checked(address: string, what: 'management' | 'models'): string {
  const trimmed = address.trim().replace(/\/+$/, '');
  const count = trimmed.split('{id}').length - 1;
  const url = URL.parse(trimmed.replace('{id}', STAND_IN));
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url));
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash;
  const name = what === 'management' ? 'management API' : 'models';
  if (!isSafe || !isPlain || /[{}\\\s]/.test(trimmed.replace('{id}', ''))) {
    throw wrong(`The address of the ${name} is not an https address such as ${example[what]}.`);
  }
  const isRightlyPlaced = !url.host.includes(STAND_IN) || isOwnLabel(url);
  if (count > (what === 'models' ? 1 : 0) || !isRightlyPlaced) {
    throw wrong(
      `In the address of the ${name} {id} can’t stand there. Write it like ${example[what]}.`,
    );
  }
  return trimmed;
}

const example = {
  management: 'https://api.example.com',
  models: 'https://model-{id}.api.example.com',
};

/** `model-{id}.example.com` has one owner, `{id}.com` or `api.{id}.com` have many. */
function isOwnLabel({ hostname }: URL): boolean {
  const [, ...domain] = hostname.split('.');
  const rest = domain.join('.');
  return !rest.includes(STAND_IN) && (domain.length >= 2 || rest === 'localhost');
}

/** Whether a host is one of the installation's, so that its key may go there without anybody being asked. */
export function isAtHome(url: URL, installation: Installation): boolean {
  if (isBaseten(installation)) return isBasetenHost(url);
  const home = URL.parse(installation.inference.replace('{id}', STAND_IN));
  if (home?.protocol !== url.protocol || home.port !== url.port) return false;
  const [before = '', after] = home.hostname.split(STAND_IN);
  const { hostname } = url;
  if (after === undefined) return hostname === home.hostname;
  const id = hostname.slice(before.length, hostname.length - after.length);
  return hostname === `${before}${id}${after}` && /^[a-z0-9_-]{1,64}$/.test(id);
}

const wrong = (message: string): SoundpostError => new SoundpostError('invalid_target', message);
