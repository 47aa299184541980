import type { Bridge } from '../../electron/contract/bridge.ts';
import type { Failure, Result } from '../../electron/contract/failure.ts';
import type {
  Installation,
  KeptKey,
  KeyChecked,
  KeyList,
  KeyState,
} from '../../electron/contract/key.ts';
import { keptWords } from '../settings/key-words.ts';
import type { Notices } from './notices.svelte.ts';

const nothing: KeyList = { keys: [], activeId: null, environment: null, session: null };

/** The kept keys of this computer, by name; the keys themselves are main's alone. */
export class KeptKeys {
  list = $state.raw<KeyList>(nothing);
  /** What became of the last change, in words. */
  said = $state.raw({ text: '', bad: false });
  readonly #bridge: Bridge;
  readonly #notices: Notices;
  readonly #onState: (state: KeyState) => void;

  /** `onState` is told what is known of the key in use when a change here made it another. */
  constructor(bridge: Bridge, notices: Notices, onState: (state: KeyState) => void) {
    this.#bridge = bridge;
    this.#notices = notices;
    this.#onState = onState;
    bridge.on('keys.changed', (list) => {
      this.list = list;
    });
  }

  async load(): Promise<void> {
    this.#take(await this.#bridge.request('keys.list', {}));
  }

  /** The address of a key's models, with `{id}`; undefined for Baseten's own. An empty name is the key in use. */
  inferenceOf(name: string, inUse: string | undefined): string | undefined {
    return name === '' ? inUse : this.named(name)?.installation?.inference;
  }

  named(name: string): KeptKey | undefined {
    return this.list.keys.find((key) => key.name === name);
  }

  /** Sends the key to main, which checks and keeps it; nothing of it stays here. Null when all went well. */
  async set(key: string, keep: 'keychain' | 'session'): Promise<Failure | null> {
    const result = await this.#bridge.request('key.set', { key, keep });
    if (!result.ok) return result.failure;
    this.#onState(result.data.state);
    this.#notices.say(result.data.note ?? keptWords(result.data.state));
    return null;
  }

  /** Removes the key in use, or looks at the keychain again. */
  async change(route: 'key.remove' | 'key.refresh'): Promise<void> {
    const result = await this.#bridge.request(route, {});
    if (result.ok) this.#onState(result.data);
    else this.#notices.say(result.failure.message);
  }

  /** Null when it was added. */
  async add(name: string, key: string, installation?: Installation): Promise<Failure | null> {
    const result = await this.#bridge.request('keys.add', {
      key,
      ...(name.trim() === '' ? {} : { name }),
      ...(installation ? { installation } : {}),
    });
    if (!result.ok) return result.failure;
    this.#checked(result.data, 'was added');
    return null;
  }

  async check({ id }: KeptKey): Promise<void> {
    const result = await this.#bridge.request('keys.check', { id });
    if (result.ok) this.#checked(result.data, 'works');
    else this.said = { text: result.failure.message, bad: true };
  }

  async rename({ id }: KeptKey, name: string): Promise<void> {
    this.#take(await this.#bridge.request('keys.rename', { id, name }));
  }

  async remove({ id }: KeptKey): Promise<void> {
    this.#take(await this.#bridge.request('keys.remove', { id }));
  }

  async use({ id }: KeptKey): Promise<void> {
    this.#take(await this.#bridge.request('keys.use', { id }));
  }

  #checked({ list, id, note }: KeyChecked, what: string): void {
    this.list = list;
    const name = list.keys.find((key) => key.id === id)?.name ?? '';
    this.said = { text: `The key “${name}” ${what}.${note ? ` ${note}` : ''}`, bad: false };
  }

  #take(result: Result<KeyList>): void {
    this.said = { text: result.ok ? '' : result.failure.message, bad: !result.ok };
    if (result.ok) this.list = result.data;
  }
}
