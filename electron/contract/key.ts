import * as v from 'valibot';
import type { Failure } from './failure.ts';

/** One line, without control characters or those that turn text around: it is shown in lists, menus and terminals. */
export const keyNameSchema = v.pipe(
  v.string(),
  v.maxLength(64),
  v.regex(/^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$/),
  v.trim(),
  v.minLength(1),
);

const address = v.pipe(v.string(), v.maxLength(2048));

/**
 * Where a self-hosted installation is asked. `management` is the address of its management API. `inference` is that of its
 * models, `{id}` standing for a model's id: `https://model-{id}.api.example.com`.
 */
export const installationSchema = v.strictObject({ management: address, inference: address });
export type Installation = v.InferOutput<typeof installationSchema>;

/** Where the key in use comes from. The key itself never leaves the main process. */
export type KeyState =
  | { source: 'none'; keychain: KeychainState; inference?: string }
  | {
      source: 'environment' | 'keychain' | 'session';
      last4: string;
      account?: string;
      /** Under which name it is kept. */
      name?: string;
      /** The address of its models, as in `Installation`, when it is not Baseten's own. */
      inference?: string;
      keychain: KeychainState;
    };

/** `problem` says in words why the keychain can't be used now. */
export type KeychainState = { usable: true } | { usable: false; problem: Failure };

/** How a pasted key was taken: `account` when Baseten named it, `note` when the key may invoke but not list. */
export type KeySaved = { state: KeyState; note?: string };

/** A key in the system's keychain, without the key. */
export type KeptKey = {
  id: string;
  name: string;
  last4: string;
  /** The workspace, or whose it is, as the installation said when it was last asked. */
  account?: string;
  /** It may run models, but not list them. */
  invokesOnly?: true;
  /** Absent for Baseten's own cloud. Set once: a key is never moved to other hosts. */
  installation?: Installation;
};

/** The keys of this computer. The active one is used where none is named. */
export type KeyList = {
  keys: KeptKey[];
  activeId: string | null;
  /** BASETEN_API_KEY is set and used in place of the active one. */
  environment: { last4: string } | null;
  /** A key that lives in this session's memory alone is used in place of the active one. */
  session: { last4: string } | null;
  /** What of the list's file could not be used, in words. */
  problem?: string;
};

/** The list after a key was added or checked; `note` is what there is to know about the key. */
export type KeyChecked = { list: KeyList; id: string; note?: string };
