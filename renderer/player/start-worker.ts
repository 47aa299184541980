import samplesUrl from '../samples/samples-worker.ts?worker&url';
import peaksUrl from './peaks-worker.ts?worker&url';

type ScriptUrlPolicy = { createScriptURL: (url: string) => string };

// TypeScript's DOM types have no Trusted Types yet.
declare global {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- merging into Window needs an interface
  interface Window {
    readonly trustedTypes?: {
      createPolicy: (name: string, rules: ScriptUrlPolicy) => ScriptUrlPolicy;
    };
  }
}

let policy: ScriptUrlPolicy | undefined;

const urls = { peaks: peaksUrl, samples: samplesUrl };

/**
 * A new worker of this page. The page's CSP asks for Trusted Types, so the URLs that may become workers are vouched for
 * by a policy of this name, which the CSP must list.
 * @throws when the CSP does not list it.
 */
export function startWorker(name: keyof typeof urls): Worker {
  const rules: ScriptUrlPolicy = {
    createScriptURL: (url) => Object.values(urls).find((own) => own === url) ?? '',
  };
  policy ??= window.trustedTypes?.createPolicy('soundpost-worker', rules) ?? rules;
  return new Worker(policy.createScriptURL(urls[name]), { type: 'module', name });
}
