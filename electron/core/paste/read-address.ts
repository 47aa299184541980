import * as v from 'valibot';
import { idSchema, modelPathSchema, type Deployment } from '../../contract/intent.ts';
import type { PresetDraft } from '../../contract/preset.ts';
import { SoundpostError } from '../soundpost-error.ts';

type Read = { target: PresetDraft['target']; notes: string[] };

const secretName = /^(?:.*[_-])?(?:api[_-]?key|key|token|secret|password|signature|sig)$/i;

/** Whether a name promises something that is nobody else's to read. */
export const isSecretName = (name: string): boolean => secretName.test(name);

/**
 * Where an address leads: to a model on Baseten in its parts, or to a URL. Logins and keys in it are left out.
 * @throws SoundpostError `invalid_target`
 */
export function readAddress(text: string): Read {
  const url = URL.parse(text.trim()) ?? URL.parse(`https://${text.trim()}`);
  if (!url || !/^https?:$/.test(url.protocol) || !/\./.test(`${url.hostname}${url.port && '.'}`)) {
    throw new SoundpostError(
      'invalid_target',
      'There is no web address in what was pasted. Paste a predict URL or a whole curl command.',
    );
  }
  const notes: string[] = [];
  if (url.username || url.password) {
    url.username = url.password = '';
    notes.push('The login in the address was left out.');
  }
  const secrets = [...url.searchParams.keys()].filter(isSecretName);
  for (const name of secrets) url.searchParams.delete(name);
  if (secrets.length > 0) notes.push(`${secrets.join(', ')} in the address was left out.`);
  url.hash = '';
  return { target: modelAt(url) ?? { kind: 'url', url: url.href }, notes };
}

/** The model that one of Baseten's addresses asks (API reference, "Predict endpoints"). */
function modelAt(url: URL): PresetDraft['target'] | null {
  const [, modelId] = /^model-([\w-]+)\.api\.baseten\.co$/.exec(url.hostname) ?? [];
  const [, where = '', path = ''] =
    /^\/(production|development|environments\/[^/]+|deployment\/[^/]+)\/(.+)$/.exec(url.pathname) ??
    [];
  const deployment = deploymentAt(where);
  const isPlain = url.protocol === 'https:' && url.port === '' && url.search === '';
  if (!v.is(idSchema, modelId) || !deployment || !isPlain || !v.is(modelPathSchema, path)) {
    return null;
  }
  return { kind: 'model', modelId, deployment, ...(path === 'predict' ? {} : { path }) };
}

function deploymentAt(where: string): Deployment | null {
  const [kind, id] = where.split('/');
  if (kind === 'production' || kind === 'development') return { kind };
  if (!v.is(idSchema, id)) return null;
  if (kind === 'deployment') return { kind, id };
  // The same deployment under its older name.
  return id === 'production' ? { kind: 'production' } : { kind: 'environment', name: id };
}
