import type { Bridge } from '../electron/contract/bridge.ts';

declare global {
  // Merging into Window needs an interface.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Window {
    /** Put there by the preload. */
    readonly soundpost: Bridge;
  }
}
