import { createContext } from 'svelte';
import type { Bridge } from '../electron/contract/bridge.ts';
import type { Failure, Result } from '../electron/contract/failure.ts';

/** The bridge of this page, for components that ask the main process themselves. */
export const [getBridge, provideBridge] = createContext<Bridge>();

const lost: Failure = {
  code: 'internal',
  message: 'The window lost touch with the rest of Soundpost. Close it and open it again.',
};

async function settled<T>(answer: Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await answer;
  } catch {
    return { ok: false, failure: lost };
  }
}

/** A bridge that always answers: when the process line itself breaks, that is a failure in words and not a rejection. */
export function answeringBridge(bridge: Bridge): Bridge {
  return {
    request: (route, input) => settled(bridge.request(route, input)),
    on: (event, listener) => bridge.on(event, listener),
    admit: (files) => settled(bridge.admit(files)),
  };
}
