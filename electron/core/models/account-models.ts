import type { Deployment } from '../../contract/intent.ts';
import type { AccountModel, ModelDeployment, ModelList } from '../../contract/model.ts';
import type { PresetField } from '../../contract/preset.ts';
import type { ChosenKey, KeyChoice } from '../baseten/key-choice.ts';
import { SoundpostError, toFailure } from '../soundpost-error.ts';
import type { Agents } from '../transport/agents.ts';
import { Follow } from './follow.ts';
import { deploymentFor } from './deployment-for.ts';
import {
  fetchDeployments,
  fetchExample,
  fetchModels,
  wakeDeployment,
  type Ask,
} from './management-api.ts';
import type { ModelCache } from './model-cache.ts';

/** How old what is shown may be before it is asked for again, in milliseconds; of one model that somebody looks at. */
const FRESH = { list: 60_000, model: 4000 };
const AT_ONCE = 4;

/** The models of the key of that name, or of the one in use, as they are now. */
export type ModelsChange = { keyName?: string; list: ModelList };

type Options = {
  keys: KeyChoice;
  agents: Pick<Agents, 'routeTo'>;
  cache: ModelCache;
  /** Something that is shown of a key's models is different. */
  onChange: (change: ModelsChange) => void;
  now: () => number;
  log: (error: unknown) => void;
};

/** What is known of one key's account. */
type Account = {
  /** Null when there is no key. */
  owner: string | null;
  /** Under which names it was asked for. */
  names: Set<string>;
  list: ModelList;
  /** When the list was asked for last, and each model: milliseconds. */
  listedAt: number;
  lookedAt: Map<string, number>;
  /** Refreshes go one after another, each for what is still old then. */
  refreshed: Promise<void>;
};

const nothing: ModelList = { access: 'unknown', models: [], asOf: null };

/**
 * The models of the accounts behind the keys. What is known is told at once, from the disk too, and asked for anew in the
 * background when it is old; nobody is asked for a password for it.
 */
export class AccountModels {
  readonly #options: Options;
  readonly #accounts = new Map<string, Promise<Account>>();
  readonly #follow: Follow;
  readonly #closing = new AbortController();
  /** Whose is the key in use. */
  #inUse: string | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#follow = new Follow(options.log);
  }

  /** What is known now. `wanted` are the models whose deployments are shown, at most 40 of them. */
  async list({
    keyName,
    wanted = [],
  }: { keyName?: string | undefined; wanted?: string[] } = {}): Promise<ModelList> {
    const chosen = await this.#options.keys.choose(keyName);
    const account = await this.#account(chosen, keyName);
    if (account.owner === null) return { ...nothing, access: 'no-key' };
    this.#refresh(chosen, account, wanted).catch(this.#options.log);
    return account.list;
  }

  /** All that are wanted as they are now, with their deployments. @throws SoundpostError when they can't be had */
  async fresh({
    keyName,
    isWanted,
  }: {
    keyName?: string | undefined;
    isWanted: (model: AccountModel) => boolean;
  }): Promise<ModelList> {
    const chosen = await this.#options.keys.choose(keyName);
    const ask = await this.#ask(chosen, true);
    const models = await fetchModels(ask);
    if (models === null) return { access: 'invoke-only', models: [], asOf: this.#iso() };
    const wanted = models.filter(isWanted);
    const found = await deploymentsOf(
      wanted.map(({ id }) => id),
      ask,
    );
    return { access: 'listed', models: merged(wanted, found), asOf: this.#iso() };
  }

  /** One model's deployments as they are now, or were a moment ago; null when they can't be told. */
  async look(modelId: string, keyName?: string): Promise<AccountModel | null> {
    const chosen = await this.#options.keys.choose(keyName);
    const account = await this.#account(chosen, keyName);
    const { now } = this.#options;
    if (now() - (account.lookedAt.get(modelId) ?? -Infinity) >= FRESH.model) {
      account.lookedAt.set(modelId, now());
      const ask = await this.#ask(chosen, false);
      const deployments = await fetchDeployments(modelId, ask);
      if (deployments) this.#learn(account, new Map([[modelId, deployments]]), modelId);
    }
    return account.list.models.find(({ id }) => id === modelId) ?? null;
  }

  /**
   * Wakes a deployment, and follows it until it is up or is not coming.
   * @throws SoundpostError `key_missing`, `unauthorized`, `not_found`, a network failure
   */
  async wake(modelId: string, deployment: Deployment, keyName?: string): Promise<void> {
    const chosen = await this.#options.keys.choose(keyName);
    await wakeDeployment(modelId, deployment, await this.#ask(chosen, true));
    const account = await this.#account(chosen, keyName);
    const isComing = async (): Promise<boolean> => {
      account.lookedAt.delete(modelId);
      const model = await this.look(modelId, keyName);
      const found = model ? deploymentFor(model, deployment) : undefined;
      return found !== undefined && isStarting(found.state);
    };
    await isComing().catch(this.#options.log);
    this.#follow.start(modelId, isComing);
  }

  /** The fields of the model's own example; null when it has none or it can't be read. @throws SoundpostError a network failure */
  async example(
    modelId: string,
    deployment: Deployment,
    keyName?: string,
  ): Promise<PresetField[] | null> {
    const chosen = await this.#options.keys.choose(keyName);
    const ask = await this.#ask(chosen, false);
    const model = await this.look(modelId, keyName);
    const found = model && (deploymentFor(model, deployment) ?? model.deployments?.[0]);
    return found ? fetchExample(modelId, found.id, ask) : null;
  }

  /** What is known of a key that was removed goes with it. */
  async forget(keyId: string): Promise<void> {
    this.#accounts.delete(keyId);
    await this.#options.cache.remove(keyId);
  }

  close(): void {
    this.#follow.close();
    this.#closing.abort();
  }

  /** What is kept is per key: by its id, or for one that is not kept by its last four characters. */
  async #account(chosen: ChosenKey, keyName: string | undefined): Promise<Account> {
    const owner = chosen.id ?? (await this.#ownerOfGiven(chosen));
    const known = this.#accounts.get(owner ?? '') ?? this.#open(owner);
    this.#accounts.set(owner ?? '', known);
    const account = await known;
    if (keyName === undefined) this.#inUse = owner;
    else account.names.add(keyName);
    return account;
  }

  async #ownerOfGiven(chosen: ChosenKey): Promise<string | null> {
    const key = await chosen.use({ mayAsk: false }).catch(() => null);
    return key && `given-${key.slice(-4).replace(/[^A-Za-z0-9]/g, '_')}`;
  }

  async #open(owner: string | null): Promise<Account> {
    const list = (owner && (await this.#options.cache.read(owner))) || nothing;
    return {
      ...{ owner, list, names: new Set<string>() },
      ...{ listedAt: -Infinity, lookedAt: new Map<string, number>(), refreshed: Promise.resolve() },
    };
  }

  #refresh(chosen: ChosenKey, account: Account, wanted: string[]): Promise<void> {
    const refreshed = account.refreshed.then(async () => {
      const now = this.#options.now();
      const isOld = (at = -Infinity): boolean => now - at >= FRESH.list;
      const old = wanted.filter((id) => isOld(account.lookedAt.get(id)));
      if (isOld(account.listedAt) || old.length > 0) await this.#refreshNow(chosen, account, old);
    });
    account.refreshed = refreshed.catch(() => undefined);
    return refreshed;
  }

  async #refreshNow(chosen: ChosenKey, account: Account, wanted: string[]): Promise<void> {
    const now = this.#options.now();
    try {
      const ask = await this.#ask(chosen, false);
      if (now - account.listedAt >= FRESH.list) {
        account.listedAt = now;
        const models = await fetchModels(ask);
        const asOf = this.#iso();
        if (!models) this.#tell(account, { access: 'invoke-only', models: [], asOf });
        else
          this.#tell(account, { access: 'listed', models: merged(models, known(account)), asOf });
      }
      for (const id of wanted) account.lookedAt.set(id, now);
      const ids = wanted.filter((id) => account.list.models.some((model) => model.id === id));
      if (ids.length > 0) this.#learn(account, await deploymentsOf(ids, ask));
      if (account.owner) await this.#options.cache.write(account.owner, account.list);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      if (!(error instanceof SoundpostError)) this.#options.log(error);
      // What is known stays; that it is old is said.
      this.#tell(account, { ...account.list, problem: toFailure(error) });
    }
  }

  #learn(account: Account, found: Map<string, ModelDeployment[]>, also?: string): void {
    const { list } = account;
    const isNew = also !== undefined && !list.models.some(({ id }) => id === also);
    const models = isNew ? [...list.models, { id: also, name: also }] : list.models;
    this.#tell(account, { ...list, models: merged(models, found, known(account)) });
  }

  #tell(account: Account, list: ModelList): void {
    const before = account.list;
    account.list = list;
    if (JSON.stringify({ ...before, asOf: null }) === JSON.stringify({ ...list, asOf: null }))
      return;
    const { onChange } = this.#options;
    if (account.owner === this.#inUse) onChange({ list });
    for (const keyName of account.names) onChange({ keyName, list });
  }

  async #ask(chosen: ChosenKey, mayAsk: boolean): Promise<Ask> {
    const key = await chosen.use({ mayAsk });
    if (key === null)
      throw new SoundpostError('key_missing', 'There is no key to ask with. Add one.');
    return { chosen, key, agents: this.#options.agents, signal: this.#closing.signal };
  }

  #iso(): string {
    return new Date(this.#options.now()).toISOString();
  }
}

const isStarting = (state: ModelDeployment['state']): boolean =>
  ['waking_up', 'loading_model', 'deploying', 'building', 'updating', 'scaled_to_zero'].includes(
    state,
  );

const known = ({ list }: Account): Map<string, ModelDeployment[]> =>
  new Map(list.models.flatMap(({ id, deployments }) => (deployments ? [[id, deployments]] : [])));

/** The models, with what is known of their deployments: the first that knows them. */
function merged(models: AccountModel[], ...from: Map<string, ModelDeployment[]>[]): AccountModel[] {
  return models.map((model) => {
    const deployments = from.find((each) => each.has(model.id))?.get(model.id);
    return deployments ? { ...model, deployments } : model;
  });
}

/** A few at a time: an account may have hundreds of models. */
async function deploymentsOf(ids: string[], ask: Ask): Promise<Map<string, ModelDeployment[]>> {
  const found = new Map<string, ModelDeployment[]>();
  const left = [...new Set(ids)];
  const worker = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const deployments = await fetchDeployments(id, ask);
      if (deployments) found.set(id, deployments);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}
