import type { Deployment, Target } from '../../contract/intent.ts';
import { SoundpostError } from '../soundpost-error.ts';

/** The address of Baseten's models; `{id}` stands for a model's id. */
export const basetenModels = 'https://model-{id}.api.baseten.co';

/**
 * The URL that a target's requests are posted to (Baseten's inference API: `model-{id}.api.baseten.co`, `sync/…` being the
 * container's own routes), or of another installation when the address of its models is given, with `{id}` for the model's.
 * Ids and paths were checked by the contract to hold nothing that could change the host or climb.
 * @throws SoundpostError `invalid_target`
 */
export function endpointUrl(
  target: Exclude<Target, { kind: 'demo' }>,
  inference = basetenModels,
): URL {
  if (target.kind === 'url') return customUrl(target.url);
  const { modelId, deployment, path = 'predict' } = target;
  const base = inference.replace('{id}', modelId);
  return new URL(`${base}/${deploymentPath(deployment)}/${path}`);
}

function deploymentPath(deployment: Deployment): string {
  switch (deployment.kind) {
    case 'production':
    case 'development':
      return deployment.kind;
    case 'environment':
      return `environments/${deployment.name}`;
    case 'deployment':
      return `deployment/${deployment.id}`;
  }
}

function customUrl(text: string): URL {
  const url = URL.parse(text.trim());
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new SoundpostError(
      'invalid_target',
      'That is not a full web address. Write it as https://host/path, or give a model id.',
    );
  }
  if (url.username || url.password) {
    throw new SoundpostError(
      'invalid_target',
      'The address holds a user name or password. Remove it; the key travels in a header of its own.',
    );
  }
  url.hash = '';
  return url;
}

const basetenHost = /^(model|chain)-[A-Za-z0-9_-]+\.api\.baseten\.co$/;

/** True for Baseten's own hosts, which may have the key without asking. */
export function isBasetenHost(url: URL): boolean {
  const literal = url.hostname === 'inference.baseten.co' || url.hostname === 'api.baseten.co';
  return (
    url.protocol === 'https:' && url.port === '' && (literal || basetenHost.test(url.hostname))
  );
}

/** Hosts by which this computer reaches itself, where plain http is no risk. */
export function isLoopback(url: URL): boolean {
  const { hostname } = url;
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}
