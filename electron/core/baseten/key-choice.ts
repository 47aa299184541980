import type { Installation } from '../../contract/key.ts';
import { baseten } from './installation.ts';

/** A key that was chosen for a request, before it is read. */
export type ChosenKey = {
  /** Of a kept key; null for one that is not kept, and when there is none. */
  id: string | null;
  /** Under which name it is kept; null for one that is not kept, and when there is none. */
  name: string | null;
  /** Its last four characters, as far as they are known without reading it. */
  last4: string;
  /** Whose hosts it may go to without anybody being asked. */
  home: Installation;
  /**
   * The key itself; null when there is none. The system may ask the user to unlock the keychain, unless `mayAsk` is false.
   * @throws SoundpostError `keychain_unavailable`, `keychain_locked`, `key_malformed`
   */
  use(options?: { mayAsk?: boolean }): Promise<string | null>;
};

/** Which key a request is sent with. */
export type KeyChoice = {
  /** The key of that name, or without one the key in use. @throws SoundpostError `key_missing` when none has that name */
  choose(name?: string): Promise<ChosenKey>;
  /** Another kept key that the host belongs to; null when it belongs to none. */
  ownerOf(url: URL): Promise<ChosenKey | null>;
};

/** For whoever has one key of Baseten's, or none (null). */
export function oneKey(key: string | null): KeyChoice {
  const chosen: ChosenKey = {
    id: null,
    name: null,
    last4: key?.slice(-4) ?? '',
    home: baseten,
    use: () => Promise.resolve(key),
  };
  return { choose: () => Promise.resolve(chosen), ownerOf: () => Promise.resolve(null) };
}
