import type { Failure } from './failure.ts';

/** Where the key in use comes from. The key itself never leaves the main process. */
export type KeyState =
  | { source: 'none'; keychain: KeychainState }
  | {
      source: 'environment' | 'keychain' | 'session';
      last4: string;
      account?: string;
      keychain: KeychainState;
    };

/** `problem` says in words why the keychain can't be used now. */
export type KeychainState = { usable: true } | { usable: false; problem: Failure };

/** How a pasted key was taken: `account` when Baseten named it, `note` when the key may invoke but not list. */
export type KeySaved = { state: KeyState; note?: string };
