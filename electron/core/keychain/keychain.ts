/**
 * Where the API key is kept between sessions. Every method rejects with a SoundpostError `keychain_unavailable` or
 * `keychain_locked` whose message says in words what is wrong and what the user can do.
 */
export type Keychain = {
  /**
   * Null only when the keychain can be read and holds no key: a locked one rejects instead. `mayAsk` (default true) lets
   * the system ask the user to unlock it, which takes as long as the user takes; false rejects at once where the system
   * can say that it is locked (Linux), so that no password prompt greets whoever only opens the app.
   */
  get(options?: { mayAsk?: boolean }): Promise<string | null>;
  set(key: string): Promise<void>;
  /** Resolves also when there was none. */
  remove(): Promise<void>;
  /** Ends the keychain's process. */
  close(): void;
};
