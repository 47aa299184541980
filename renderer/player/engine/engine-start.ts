import workletUrl from './playout-worklet.ts?worker&url';
import workerUrl from './engine-worker.ts?worker&url';

type ScriptUrlPolicy = ReturnType<NonNullable<Window['trustedTypes']>['createPolicy']>;

let policy: ScriptUrlPolicy | undefined;

/**
 * A new engine worker. Its URL is vouched for by a policy of this name, which the page's CSP must list.
 * @throws when the CSP does not list it.
 */
export function startEngineWorker(): Worker {
  const rules: ScriptUrlPolicy = { createScriptURL: () => workerUrl };
  policy ??= window.trustedTypes?.createPolicy('soundpost-live', rules) ?? rules;
  return new Worker(policy.createScriptURL(workerUrl), { type: 'module', name: 'live' });
}

/** A context at `sampleRate` Hz that knows the playout worklet. */
export async function openContext(sampleRate: number): Promise<AudioContext> {
  const context = new AudioContext({ sampleRate, latencyHint: 'interactive' });
  try {
    await context.audioWorklet.addModule(workletUrl);
    return context;
  } catch (error) {
    await context.close();
    throw error;
  }
}
