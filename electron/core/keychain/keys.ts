import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type {
  Installation,
  KeptKey,
  KeyChecked,
  KeyList,
  KeySaved,
  KeyState,
} from '../../contract/key.ts';
import {
  baseten,
  checkedInstallation,
  isAtHome,
  isBaseten,
  isSame,
} from '../baseten/installation.ts';
import type { ChosenKey, KeyChoice } from '../baseten/key-choice.ts';
import { watchFile } from '../files/watch-file.ts';
import { activeEntry } from './active-entry.ts';
import { ApiKey, askAbout } from './api-key.ts';
import { KeyReader } from './key-reader.ts';
import { goneFromKeychain, nameFor, notAllowed, notKept, notKnownAnyMore } from './key-words.ts';
import { accountOf, firstId, keyIn, KeyListFile, keyNamed, type Listed } from './key-list.ts';
import type { Keychain } from './keychain.ts';
import { parseKey } from './parse-key.ts';

type Known = Pick<KeptKey, 'account' | 'invokesOnly'>;

type Options = {
  configDirectory: string;
  /** The value BASETEN_API_KEY had when Soundpost started. */
  environmentKey: string | undefined;
  /** What a key belongs to when nothing else is said; Baseten when absent. It may throw, as `usualInstallation` does. */
  usual?: () => Installation;
  keychain: Keychain;
  /** Asks an installation about a key of its own. */
  check: (key: string, installation: Installation) => Promise<Known & { note?: string }>;
  /** Asks the user whether a key may go to addresses that none has gone to before; they are fine when absent. */
  allow?: (installation: Installation) => Promise<boolean>;
  /** Told of every key before it is used, so that the log can leave it out. */
  hide?: (key: string) => void;
  /** The key in use changed without the user asking. */
  onState?: (state: KeyState) => void;
  /** Keys were added, changed or removed, here or in another process. */
  onList?: (list: KeyList) => void;
  log: (error: unknown) => void;
  /** How long `state` waits for a keychain that doesn't answer, in milliseconds. */
  patience?: number;
};

/**
 * The keys of this computer, by name: each in an entry of the keychain, and what is known of them in `keys.json`. In use is
 * BASETEN_API_KEY, else one for this session, else the active one. A key leaves through what `choose` and `ownerOf` answer alone.
 */
export class Keys implements KeyChoice {
  readonly #options: Options;
  readonly #usual: () => Installation;
  readonly #path: string;
  readonly #list: KeyListFile;
  /** The key in use where none is named. */
  readonly #front: ApiKey;
  readonly #kept: KeyReader;
  #checked: { key: string; known: Known } | null = null;
  #stopWatching: (() => void) | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#usual = options.usual ?? (() => baseten);
    this.#path = join(options.configDirectory, 'keys.json');
    this.#list = new KeyListFile(this.#path);
    const { environmentKey, keychain, hide, patience, onState } = options;
    this.#kept = new KeyReader(keychain, async (id, key) => {
      hide?.(key);
      if (id !== firstId || this.#list.last.keys.some((each) => each.id === id)) return;
      await this.#list.put({ id, name: 'Baseten', last4: key.slice(-4) }, { activate: true });
    });
    this.#front = new ApiKey({
      environmentKey,
      keychain: activeEntry({
        ...{ keychain, list: this.#list, usual: this.#usual },
        read: (id, mayAsk) => this.#kept.read(id, mayAsk),
        known: (key) => (this.#checked?.key === key ? this.#checked.known : {}),
      }),
      check: async (key) => {
        const { note, ...known } = await options.check(key, this.#usual());
        this.#checked = { key, known };
        return { ...known, ...(note && { note }) };
      },
      onChange: (state) => onState?.(this.#described(state)),
      ...(hide ? { hide } : {}),
      ...(patience === undefined ? {} : { patience }),
    });
  }

  /** What is known of the key in use. From the list at once when it is there; what the keychain says follows as a change. */
  async state(): Promise<KeyState> {
    const listed = await this.#listed();
    const active = activeIn(listed);
    if (!active) return this.#described(await this.#front.state());
    const state = await this.#front.state({ patience: 0 });
    return this.#described(
      this.#front.isSettled || state.source !== 'none'
        ? state
        : { source: 'keychain', last4: active.last4, keychain: { usable: true } },
    );
  }

  /** As `ApiKey.set`: the pasted key becomes the one in use. */
  async set(pasted: string, keep: 'keychain' | 'session'): Promise<KeySaved> {
    this.#kept.forget();
    const { state, note } = await this.#front.set(pasted, keep);
    await this.#tellList();
    return { state: this.#described(state), ...(note && { note }) };
  }

  /** As `ApiKey.remove`: the next kept key is in use then. */
  async removeInUse(): Promise<KeyState> {
    this.#kept.forget();
    const state = await this.#front.remove();
    await this.#tellList();
    return this.#described(state);
  }

  /** As `ApiKey.refresh`. */
  async refresh(): Promise<KeyState> {
    this.#kept.forget();
    return this.#described(await this.#front.refresh());
  }

  async list(): Promise<KeyList> {
    const { value, problem } = await this.#list.read();
    const state = await this.#front.state({ patience: 0 });
    const last4 = state.source === 'none' ? '' : state.last4;
    return {
      ...value,
      environment: state.source === 'environment' ? { last4 } : null,
      session: state.source === 'session' ? { last4 } : null,
      ...(problem ? { problem: problem.message } : {}),
    };
  }

  /**
   * Checks a key where it belongs and keeps it; the first one becomes active.
   * @throws SoundpostError `key_malformed`, `invalid_target`; `host_not_approved`; `unauthorized`, and nothing is kept; `keychain_unavailable`,
   * `keychain_locked`
   */
  async add(asked: {
    name?: string;
    key: string;
    installation?: Installation;
  }): Promise<KeyChecked> {
    const installation = checkedInstallation(asked.installation ?? this.#usual());
    const key = parseKey(asked.key);
    this.#options.hide?.(key);
    if (asked.installation) await this.#mustBeAllowed(installation);
    const { note, ...known } = await askAbout(() => this.#options.check(key, installation));
    // One that was kept before keys had names is not forgotten for it.
    if ((await this.#listed()).keys.length === 0) await this.#kept.read(firstId, true);
    const id = randomUUID();
    await this.#options.keychain.set(key, accountOf(id));
    const isFirst = this.#list.last.keys.length === 0;
    await this.#list.put(
      {
        ...{ id, name: asked.name ?? nameFor(known), last4: key.slice(-4), ...known },
        ...(isSame(installation, baseten) ? {} : { installation }),
      },
      { activate: isFirst },
    );
    await this.#front.readAgain();
    return { list: await this.#tellList(), id, ...(note && { note }) };
  }

  /** Asks whose a kept key is, and whether it still works. @throws SoundpostError `unauthorized`, what asking throws */
  async check(id: string): Promise<KeyChecked> {
    const kept = keyIn(await this.#listed(), id);
    const key = await this.#keyOf(kept);
    const { note, ...known } = await this.#options.check(key, homeOf(kept)).catch(notKnownAnyMore);
    await this.#list.learn(id, known);
    return { list: await this.#tellList(), id, ...(note && { note }) };
  }

  /** Answers the name it had too. @throws SoundpostError `invalid_request` when another key has that name */
  async rename(id: string, name: string): Promise<{ list: KeyList; before: string }> {
    const before = await this.#list.rename(id, name);
    return { list: await this.#tellList(), before };
  }

  /** From the keychain too. @throws SoundpostError `keychain_unavailable`, `keychain_locked`; it is still listed then */
  async remove(id: string): Promise<KeyList> {
    keyIn(await this.#listed(), id);
    await this.#options.keychain.remove(accountOf(id));
    await this.#list.remove(id);
    this.#kept.forget();
    await this.#front.readAgain();
    return this.#tellList();
  }

  /** Makes it the one in use. The system may ask the user to unlock the keychain. @throws SoundpostError `invalid_request` */
  async activate(id: string): Promise<KeyList> {
    await this.#list.activate(id);
    const state = await this.#front.refresh();
    this.#options.onState?.(this.#described(state));
    return this.#tellList();
  }

  async choose(name?: string): Promise<ChosenKey> {
    const listed = await this.#listed();
    const kept = name === undefined ? activeIn(listed) : keyNamed(listed, name);
    if (name === undefined && this.#front.given) {
      const { last4 = '' } = (await this.#front.state()) as { last4?: string };
      return { id: null, name: null, last4, home: this.#usual(), use: () => this.#front.use() };
    }
    if (kept) return this.#chosen(kept);
    if (name === undefined) {
      const use: ChosenKey['use'] = ({ mayAsk = true } = {}) =>
        mayAsk ? this.#front.use() : this.#kept.read(firstId, false);
      return { id: null, name: null, last4: '', home: baseten, use };
    }
    throw notKept(name);
  }

  async ownerOf(url: URL): Promise<ChosenKey | null> {
    const owner = (await this.#listed()).keys.find((key) => isAtHome(url, homeOf(key)));
    return owner ? this.#chosen(owner) : null;
  }

  /** Tells changes that other processes make. When it can't be done, only the log knows. */
  async watch(): Promise<void> {
    const { log } = this.#options;
    const tell = async (): Promise<void> => {
      if (!(await this.#list.hasChanged())) return;
      this.#kept.forget();
      await this.#front.readAgain();
      await this.#tellList();
    };
    try {
      await this.#list.hasChanged();
      this.#stopWatching = await watchFile(this.#path, () => void tell().catch(log), log);
    } catch (error) {
      log(error);
    }
  }

  /** Forgets the keys and ends the keychain's process. */
  close(): void {
    this.#stopWatching?.();
    this.#kept.forget();
    this.#front.close();
  }

  /** A script in the page could name its own host, and have what it likes sent there as a key. */
  async #mustBeAllowed(installation: Installation): Promise<void> {
    const { allow } = this.#options;
    const known = [baseten, this.#usual(), ...(await this.#listed()).keys.map(homeOf)];
    if (!allow || known.some((one) => isSame(one, installation))) return;
    if (!(await allow(installation))) throw notAllowed(installation);
  }

  #chosen(kept: KeptKey): ChosenKey {
    const { id, name, last4 } = kept;
    return { id, name, last4, home: homeOf(kept), use: (how) => this.#keyOf(kept, how) };
  }

  /** By its own entry, never by which is active: that may change meanwhile. */
  async #keyOf(kept: KeptKey, { mayAsk = true } = {}): Promise<string> {
    const wasKnown = this.#kept.has(kept.id);
    const key = await this.#kept.read(kept.id, mayAsk);
    // It may be that the keychain was unlocked for it, which the window is to know.
    if (!wasKnown && mayAsk) void this.#front.readAgain().catch(this.#options.log);
    if (key !== null) return key;
    throw goneFromKeychain(kept.name);
  }

  async #listed(): Promise<Listed> {
    const { value, problem } = await this.#list.read();
    if (problem) this.#options.log(problem);
    return value;
  }

  async #tellList(): Promise<KeyList> {
    const list = await this.list();
    this.#options.onList?.(list);
    return list;
  }

  #described(state: KeyState): KeyState {
    const active = state.source === 'keychain' ? activeIn(this.#list.last) : undefined;
    const { inference } = active ? homeOf(active) : this.#usual();
    const account = state.source === 'none' ? undefined : (state.account ?? active?.account);
    return {
      ...state,
      ...(account ? { account } : {}),
      ...(active ? { name: active.name } : {}),
      ...(isBaseten({ inference }) ? {} : { inference }),
    };
  }
}

const activeIn = ({ keys, activeId }: Listed): KeptKey | undefined =>
  keys.find(({ id }) => id === activeId);

const homeOf = ({ installation }: KeptKey): Installation => installation ?? baseten;
