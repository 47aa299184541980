import type { Deployment, Target } from '../../electron/contract/intent.ts';

export type ReadTarget =
  | { ok: true; target: Target; /** to show */ url: string }
  | { ok: false; /** what to change */ at: 'address' | 'deployment'; hint: string };

const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Understands what was typed or pasted as a model: an id, a full URL, or a curl command, of which only the URL is taken. */
export function readTarget(typed: string, deployment: Deployment, path = ''): ReadTarget {
  const text = urlInCurl(typed) ?? typed.trim();
  if (text === '')
    return wrongAddress('Type a model id, or paste a predict URL or a curl command.');
  if (idPattern.test(text)) return modelTarget(text, deployment, path.trim());
  const url = URL.parse(text);
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) {
    return { ok: true, target: { kind: 'url', url: text }, url: url.href };
  }
  return wrongAddress(
    /[./:]/.test(text) && !/\s/.test(text)
      ? 'That is no whole web address. Write it as https://host/path.'
      : 'That is neither a model id (letters, digits, - and _) nor a web address.',
  );
}

function wrongAddress(hint: string): ReadTarget {
  return { ok: false, at: 'address', hint };
}

function modelTarget(modelId: string, deployment: Deployment, path: string): ReadTarget {
  const where = deploymentPath(deployment);
  if (where === null) {
    return {
      ok: false,
      at: 'deployment',
      hint:
        deployment.kind === 'environment' ? 'Name the environment.' : 'Give the deployment’s id.',
    };
  }
  return {
    ok: true,
    target: { kind: 'model', modelId, deployment, ...(path === '' ? {} : { path }) },
    url: modelUrl(`${where}/${path || 'predict'}`, modelId),
  };
}

const BASETEN_MODELS = 'https://model-{id}.api.baseten.co';

/** A model's address at an installation, whose own is with `{id}`. */
function modelUrl(path: string, modelId: string, inference = BASETEN_MODELS): string {
  return `${inference.replace('{id}', modelId)}/${path}`;
}

/** The address to show of a target, for a key whose models have this one; as it is for an address of its own. */
export function shownUrl(read: ReadTarget & { ok: true }, inference: string | undefined): string {
  const { target, url } = read;
  if (target.kind !== 'model' || inference === undefined) return url;
  return modelUrl(new URL(url).pathname.slice(1), target.modelId, inference);
}

function deploymentPath(deployment: Deployment): string | null {
  switch (deployment.kind) {
    case 'production':
    case 'development':
      return deployment.kind;
    case 'environment':
      return idPattern.test(deployment.name) ? `environments/${deployment.name}` : null;
    case 'deployment':
      return idPattern.test(deployment.id) ? `deployment/${deployment.id}` : null;
  }
}

/** What to keep of what was typed: of a curl command its URL alone, since the rest may hold a key. */
export function addressOf(typed: string): string {
  return urlInCurl(typed) ?? typed;
}

function urlInCurl(typed: string): string | undefined {
  if (!/^\s*curl\s/.test(typed)) return undefined;
  return /https?:\/\/[^\s'"\\]+/.exec(typed)?.[0];
}

/** A demo's target, which nobody has to type. */
export function demoTarget(model: Extract<Target, { kind: 'demo' }>['model']): ReadTarget {
  return { ok: true, target: { kind: 'demo', model }, url: '' };
}
