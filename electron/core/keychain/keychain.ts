/** The entry of the keychain that the first key has; further keys have one each, `baseten-api-key:` and an id. */
export const firstAccount = 'baseten-api-key';

/**
 * Where API keys are kept between sessions, each in an entry of its own (`account`; the first key's when absent). Every method rejects with a SoundpostError `keychain_unavailable` or
 * `keychain_locked` whose message says in words what is wrong and what the user can do.
 */
export type Keychain = {
  /**
   * Null only when the keychain can be read and holds no key: a locked one rejects instead. `mayAsk` (default true) lets
   * the system ask the user to unlock it, which takes as long as the user takes; false rejects at once where the system
   * can say that it is locked (Linux), so that no password prompt greets whoever only opens the app.
   */
  get(options?: { mayAsk?: boolean; account?: string }): Promise<string | null>;
  set(key: string, account?: string): Promise<void>;
  /** Resolves also when there was none. */
  remove(account?: string): Promise<void>;
  /** Ends the keychain's process. */
  close(): void;
};
