import workerUrl from './peaks-worker.ts?worker&url';

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

/**
 * A new peaks worker. The page's CSP asks for Trusted Types, so the one URL that may become a worker is vouched for by
 * a policy of this name, which the CSP must list.
 * @throws when the CSP does not list it.
 */
export function startPeaksWorker(): Worker {
  const rules: ScriptUrlPolicy = { createScriptURL: () => workerUrl };
  policy ??= window.trustedTypes?.createPolicy('soundpost-worker', rules) ?? rules;
  return new Worker(policy.createScriptURL(workerUrl), { type: 'module', name: 'peaks' });
}
