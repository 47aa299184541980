import { createContext } from 'svelte';
import type { Bridge } from '../electron/contract/bridge.ts';
import type { Failure, Result } from '../electron/contract/failure.ts';

/** The bridge to main, for components below App. */
export const [getBridge, setBridge] = createContext<Bridge>();

/** A failed answer of main, thrown where a value was expected. */
export class BridgeError extends Error {
  override name = 'BridgeError' as const;
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The value of an answer. @throws BridgeError */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.data;
  throw new BridgeError(result.failure);
}
