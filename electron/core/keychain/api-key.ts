import type { Failure } from '../../contract/failure.ts';
import type { KeychainState, KeySaved, KeyState } from '../../contract/key.ts';
import { SoundpostError, toFailure } from '../soundpost-error.ts';
import { environmentKey, type EnvironmentKey } from './environment-key.ts';
import type { Keychain } from './keychain.ts';
import { parseKey } from './parse-key.ts';

/** What Baseten said about a key. Rejects with `unauthorized` for a wrong one, with a network failure when it can't be asked. */
export type KeyCheck = (key: string) => Promise<{ account?: string; note?: string }>;

/**
 * Asks about a key. One that could not be asked about is taken, with a note; `T` is what else is learned of it.
 * @throws SoundpostError `unauthorized`
 */
export async function askAbout<T extends object>(
  check: () => Promise<T>,
): Promise<Partial<T> & { note?: string }> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof SoundpostError) || error.code === 'unauthorized') throw error;
    const note = `The key was taken without being checked. ${error.message}`;
    return { note } as Partial<T> & { note: string };
  }
}

type Options = {
  /** The value BASETEN_API_KEY had when Soundpost started. */
  environmentKey: string | undefined;
  keychain: Pick<Keychain, 'get' | 'set' | 'remove' | 'close'>;
  check: KeyCheck;
  /** Told of every key before it is used, so that the log can leave it out. */
  hide?: (key: string) => void;
  /** Told when the state changed without the user asking, as when a keychain answers late. */
  onChange?: (state: KeyState) => void;
  /** How long `state` waits for a keychain that doesn't answer, in milliseconds. */
  patience?: number;
};

type Held = { source: 'keychain' | 'session'; key: string; account?: string };

/**
 * The one API key: BASETEN_API_KEY, else the keychain's, else one for this session only. Keys are held in private fields
 * and leave through `use` alone. A key read from the keychain is remembered until `refresh`, since reading takes a process
 * and maybe a password; with BASETEN_API_KEY set, the keychain is not touched at all.
 */
export function createApiKey(options: Options): ApiKey {
  return new ApiKey(options);
}

export class ApiKey {
  readonly #environment: EnvironmentKey | null;
  readonly #keychain: Options['keychain'];
  readonly #check: KeyCheck;
  readonly #hide: (key: string) => void;
  readonly #onChange: (state: KeyState) => void;
  readonly #patience: number;
  #held: Held | null = null;
  /** Null until the keychain has answered for the first time. */
  #keychainState: KeychainState | null = null;
  #announced = '';
  #reading: { mayAsk: boolean; done: Promise<void> } | null = null;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(options: Options) {
    this.#keychain = options.keychain;
    this.#check = options.check;
    this.#hide = options.hide ?? (() => undefined);
    this.#onChange = options.onChange ?? (() => undefined);
    this.#patience = options.patience ?? 2000;
    this.#environment = environmentKey(options.environmentKey);
    if (this.#environment?.key) this.#hide(this.#environment.key);
  }

  /** Whether the keychain has answered, or need not be asked. */
  get isSettled(): boolean {
    return this.#environment !== null || this.#keychainState !== null;
  }

  /** Where the key in use comes from without the keychain being asked; null when the keychain is to be asked. */
  get given(): 'environment' | 'session' | null {
    if (this.#environment) return 'environment';
    return this.#held?.source === 'session' ? 'session' : null;
  }

  /** Never asks for a password where that can be avoided, and never waits long: it is part of the first frame. */
  async state({ patience = this.#patience } = {}): Promise<KeyState> {
    if (this.isSettled) return this.#describe();
    const read = this.#read({ mayAsk: false });
    if (await settlesWithin(read, patience)) return this.#describe();
    void read.then(() => {
      this.#announce();
    });
    return this.#describe();
  }

  /**
   * The key, for building one request; null when there is none. The system may ask the user to unlock the keychain.
   * @throws SoundpostError `keychain_unavailable`, `keychain_locked`; `key_malformed` for a broken BASETEN_API_KEY
   */
  async use(): Promise<string | null> {
    if (this.#environment?.problem) throw this.#environment.problem;
    if (this.#environment) return this.#environment.key;
    if (this.#held) return this.#held.key;
    const { key, problem } = await this.#look();
    this.#announce();
    if (problem) throw new SoundpostError(problem.code, problem.message);
    return key;
  }

  /**
   * Checks a pasted key with Baseten, then keeps it. A key that Baseten could not be asked about is kept, with a note.
   * @throws SoundpostError `key_malformed`; `unauthorized`, and nothing is kept; `keychain_unavailable` and
   * `keychain_locked`, upon which `keep: 'session'` still works; `invalid_request` when another key is in the way
   */
  set(pasted: string, keep: 'keychain' | 'session'): Promise<KeySaved> {
    return this.#change(async () => {
      this.#refuseOverEnvironment('another one can be kept');
      const key = parseKey(pasted);
      this.#hide(key);
      const { account, note } = await askAbout(() => this.#check(key));
      if (keep === 'keychain') await this.#keep(key);
      this.#held = { source: keep, key, ...(account && { account }) };
      return { state: await this.state(), ...(note && { note }) };
    });
  }

  /** Removes the key in use, from where it is kept. @throws SoundpostError as `set` */
  remove(): Promise<KeyState> {
    return this.#change(async () => {
      this.#refuseOverEnvironment('it can be removed');
      if (this.#held?.source !== 'session') await this.#keychain.remove();
      this.#held = null;
      await this.#read({ mayAsk: false });
      return this.#describe();
    });
  }

  /** Looks at the keychain again; the system may ask the user to unlock it. A key found there is used from now on. */
  refresh(): Promise<KeyState> {
    return this.#change(async () => {
      if (!this.#environment) await this.#read({ mayAsk: true });
      return this.#describe();
    });
  }

  /** The keychain holds another key than before: what is remembered of it is read anew, without asking for a password. */
  async readAgain(): Promise<void> {
    if (this.#environment) return;
    await this.#read({ mayAsk: false });
    this.#announce();
  }

  /** Forgets the key and ends the keychain's process. */
  close(): void {
    this.#held = null;
    this.#keychain.close();
  }

  async #look(): Promise<{ key: string | null; problem: Failure | null }> {
    await this.#read({ mayAsk: true });
    const state = this.#keychainState;
    if (this.#held) return { key: this.#held.key, problem: null };
    return { key: null, problem: state && !state.usable ? state.problem : null };
  }

  /** A key that is there but was out of sight, behind a lock, is not overwritten unsaid. */
  async #keep(key: string): Promise<void> {
    const seen = this.#held?.source === 'keychain' || this.#keychainState?.usable;
    const kept = seen ? null : await this.#keychain.get();
    if (kept !== null && kept !== key) {
      this.#hold(kept);
      this.#announce();
      throw new SoundpostError(
        'invalid_request',
        `The keychain already has another key, ending in ${lastFour(kept)}, which Soundpost could not see until now; it is used from now on. Paste the new key again to replace it.`,
      );
    }
    await this.#keychain.set(key);
    this.#keychainState = { usable: true };
  }

  /** Runs that start at the same time share one reading, so that they bring up one prompt. */
  #read({ mayAsk }: { mayAsk: boolean }): Promise<void> {
    if (this.#reading && (this.#reading.mayAsk || !mayAsk)) return this.#reading.done;
    const reading = { mayAsk, done: this.#readKeychain(mayAsk) };
    this.#reading = reading;
    return reading.done.finally(() => {
      if (this.#reading === reading) this.#reading = null;
    });
  }

  async #readKeychain(mayAsk: boolean): Promise<void> {
    try {
      const key = await this.#keychain.get({ mayAsk });
      this.#keychainState = { usable: true };
      if (key !== null) this.#hold(key);
      else if (this.#held?.source === 'keychain') this.#held = null;
    } catch (error) {
      this.#keychainState = { usable: false, problem: toFailure(error) };
    }
  }

  #hold(key: string): void {
    this.#hide(key);
    this.#keychainState = { usable: true };
    // The account is known of a key that was checked; the same key again keeps it.
    if (this.#held?.source !== 'keychain' || this.#held.key !== key) {
      this.#held = { source: 'keychain', key };
    }
  }

  #announce(): void {
    const state = this.#describe();
    const text = JSON.stringify(state);
    if (text === this.#announced) return;
    this.#announced = text;
    this.#onChange(state);
  }

  #describe(): KeyState {
    const keychain = this.#keychainState ?? { usable: false, problem: NOT_YET };
    if (this.#environment) {
      const last4 = lastFour(this.#environment.key ?? '');
      return { source: 'environment', last4, keychain: { usable: true } };
    }
    if (!this.#held) return { source: 'none', keychain };
    const { source, key, account } = this.#held;
    return { source, last4: lastFour(key), ...(account && { account }), keychain };
  }

  #refuseOverEnvironment(what: string): void {
    if (!this.#environment) return;
    throw new SoundpostError(
      'invalid_request',
      `The key comes from the environment variable BASETEN_API_KEY. Unset it and start Soundpost again before ${what}.`,
    );
  }

  #change<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#lastChange.then(change);
    this.#lastChange = changed.catch(() => undefined);
    return changed;
  }
}

const NOT_YET: Failure = {
  code: 'keychain_unavailable',
  message:
    'The keychain has not answered yet. If it is asking for a password, answer it; the key can also be used for this session only.',
};

function lastFour(key: string): string {
  return key.slice(-4);
}

async function settlesWithin(promise: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
