import { SvelteMap } from 'svelte/reactivity';
import type { Bridge } from '../../electron/contract/bridge.ts';
import type { Deployment } from '../../electron/contract/intent.ts';
import type { AccountModel, ModelList } from '../../electron/contract/model.ts';
import type { PresetField } from '../../electron/contract/preset.ts';
import type { Notices } from './notices.svelte.ts';

const unknown: ModelList = { access: 'unknown', models: [], asOf: null };

/** As many as main takes at once. */
const MOST_WANTED = 40;

/** Whose models: the name of a kept key, empty for the key in use. */
type KeyName = string;

/** The models of the keys' accounts, as main knows them; it asks no more often than it must. */
export class Models {
  /** Ids of the models that were run lately, the last one first. */
  recent = $state.raw<string[]>([]);
  readonly #lists = new SvelteMap<KeyName, ModelList>();
  readonly #bridge: Bridge;
  readonly #notices: Notices;

  constructor(bridge: Bridge, notices: Notices) {
    this.#bridge = bridge;
    this.#notices = notices;
    bridge.on('models.changed', ({ keyName = '', list }) => {
      this.#lists.set(keyName, list);
    });
  }

  of(keyName: KeyName): ModelList {
    return this.#lists.get(keyName) ?? unknown;
  }

  find(modelId: string, keyName: KeyName): AccountModel | undefined {
    return this.of(keyName).models.find(({ id }) => id === modelId);
  }

  /** Another key is in use: what was known is of another account. */
  forget(): void {
    this.#lists.clear();
  }

  /** Shows what is known, and has it made new where it is old; the deployments of those `wanted` too. */
  async load(keyName: KeyName, wanted: string[]): Promise<void> {
    const ids = wanted.filter((id, at) => isId(id) && wanted.indexOf(id) === at);
    const named = keyName === '' ? {} : { keyName };
    const result = await this.#bridge.request('models.list', {
      ...named,
      wanted: ids.slice(0, MOST_WANTED),
    });
    if (result.ok) this.#lists.set(keyName, result.data);
  }

  async loadRecent(): Promise<void> {
    const result = await this.#bridge.request('models.recent', {});
    if (result.ok) this.recent = result.data;
  }

  /** Has one model's states made new. Nothing is said when that can't be had: it is what was known then. */
  async look(modelId: string, keyName: KeyName): Promise<AccountModel | undefined> {
    const named = keyName === '' ? {} : { keyName };
    const result = await this.#bridge.request('model.look', { ...named, modelId });
    return (result.ok && result.data) || this.find(modelId, keyName);
  }

  async wake(modelId: string, deployment: Deployment, keyName: KeyName): Promise<void> {
    const named = keyName === '' ? {} : { keyName };
    const result = await this.#bridge.request('model.wake', { ...named, modelId, deployment });
    if (!result.ok) this.#notices.say(result.failure.message);
  }

  /** The fields of its own example; null when it has none. */
  async example(modelId: string, deployment: Deployment): Promise<PresetField[] | null> {
    const result = await this.#bridge.request('model.example', { modelId, deployment });
    return result.ok ? result.data : null;
  }
}

/** What is typed may be anything. */
const isId = (text: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(text);
