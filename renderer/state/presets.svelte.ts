import type { Bridge } from '../../electron/contract/bridge.ts';
import type { Failure, Result } from '../../electron/contract/failure.ts';
import type {
  ImportedPresets,
  Preset,
  PresetList,
  RemovedPreset,
  Starter,
  StarterTarget,
} from '../../electron/contract/preset.ts';
import { plural } from '../parts/format.ts';
import type { Notices } from './notices.svelte.ts';
import { groupsOf, moved } from './preset-groups.ts';
import { Request } from './request.svelte.ts';

/** The presets: kept by main, and each an entry of the left pane with a form of its own. */
export class Presets {
  requests = $state.raw<Request[]>([]);
  starters = $state.raw<Starter[]>([]);
  readonly #bridge: Bridge;
  readonly #notices: Notices;

  constructor(bridge: Bridge, notices: Notices) {
    this.#bridge = bridge;
    this.#notices = notices;
    bridge.on('presets.changed', (list) => {
      this.#take(list);
    });
  }

  readonly groups = $derived(groupsOf(this.requests));
  /** In the order in which they are shown, and numbered by keys. */
  readonly shown = $derived(this.groups.flatMap(({ requests }) => requests));

  async load(): Promise<void> {
    const [list, starters] = await Promise.all([
      this.#bridge.request('presets.list', {}),
      this.#bridge.request('starters.list', {}),
    ]);
    if (list.ok) this.#take(list.data);
    else this.#fail(list.failure);
    if (starters.ok) this.starters = starters.data;
  }

  byId(id: string): Request | undefined {
    return this.requests.find((request) => request.id === id);
  }

  /** Keeps the form as a new preset. @returns its entry, or null when it could not be kept, which has then been said */
  async saveAs(form: Request, name: string): Promise<Request | null> {
    const draft = form.draft(name);
    if (!draft.ok) {
      this.#notices.say(draft.hint);
      return null;
    }
    return this.added(await this.#bridge.request('preset.create', { preset: draft.draft }), form);
  }

  /** Keeps the changes of a preset's form. */
  async update(request: Request): Promise<void> {
    const draft = request.draft();
    if (!request.preset || !draft.ok) {
      if (!draft.ok) this.#notices.say(draft.hint);
      return;
    }
    const preset = { ...draft.draft, id: request.preset.id };
    const result = await this.#bridge.request('preset.update', { preset });
    if (!result.ok) {
      this.#fail(result.failure);
      return;
    }
    request.isSavedAs(result.data);
    this.#notices.say(`Saved “${result.data.name}”.`);
  }

  async rename(request: Request, name: string): Promise<void> {
    const result = await this.#bridge.request('preset.rename', { id: request.id, name });
    if (result.ok) request.take(result.data);
    else this.#fail(result.failure);
  }

  async duplicate(request: Request): Promise<Request | null> {
    return this.added(await this.#bridge.request('preset.duplicate', { id: request.id }));
  }

  async addStarter(id: string, target: StarterTarget): Promise<Request | null> {
    return this.added(await this.#bridge.request('starter.add', { id, target }));
  }

  /** Removes it, and offers to undo that. */
  async remove(request: Request): Promise<void> {
    const result = await this.#bridge.request('preset.remove', { id: request.id });
    if (!result.ok) {
      this.#fail(result.failure);
      return;
    }
    const removed = result.data;
    this.requests = this.requests.filter((other) => other !== request);
    this.#notices.say(`Removed “${removed.preset.name}”.`, {
      label: 'Undo',
      do: () => void this.restore(removed),
    });
  }

  /** Moves a preset one place up (-1) or down (1) among those of its model, and at their end all of them past the next model's. */
  async move(request: Request, by: -1 | 1): Promise<void> {
    const order = moved(this.groups, request, by);
    if (!order) return;
    const ids = order.map(({ id }) => id);
    const result = await this.#bridge.request('presets.reorder', { ids });
    if (result.ok) this.#take(result.data);
    else this.#fail(result.failure);
  }

  async export(requests: Request[]): Promise<void> {
    const ids = requests.map(({ id }) => id);
    const result = await this.#bridge.request('presets.export', { ids });
    if (!result.ok) this.#fail(result.failure);
    else if (result.data) this.#notices.say(`Saved as ${result.data.savedAs}`);
  }

  async copy(requests: Request[]): Promise<void> {
    const ids = requests.map(({ id }) => id);
    const text = await this.#bridge.request('presets.exportText', { ids });
    const result = text.ok ? await this.#bridge.request('clipboard.write', text.data) : text;
    this.#notices.say(result.ok ? 'Preset copied. It holds no key.' : result.failure.message);
  }

  async importText(text: string): Promise<Request | null> {
    return this.#imported(await this.#bridge.request('presets.import', { text }));
  }

  async importFile(inputId: string): Promise<Request | null> {
    return this.#imported(await this.#bridge.request('presets.importFile', { inputId }));
  }

  #imported(result: Result<ImportedPresets>): Request | null {
    if (!result.ok) {
      this.#fail(result.failure);
      return null;
    }
    const { presets, problems, unapprovedOrigins } = result.data;
    for (const problem of problems) this.#notices.say(problem);
    for (const preset of presets) this.#put(preset);
    const [first] = presets;
    if (!first) return null;
    const asks =
      unapprovedOrigins.length > 0
        ? ` Before the first run it will be asked whether ${unapprovedOrigins.join(', ')} may have your key.`
        : '';
    this.#notices.say(`Added ${plural(presets.length, 'preset')}.${asks}`);
    return this.byId(first.id) ?? null;
  }

  /** Puts a removed preset back at its place. */
  async restore(removed: RemovedPreset): Promise<void> {
    const result = await this.#bridge.request('preset.restore', { removed });
    if (!result.ok) this.#fail(result.failure);
    else await this.load();
  }

  /** Takes in a preset that main has made. @returns its entry, or null when it was not made, which has then been said */
  added(result: Result<Preset>, from?: Request): Request | null {
    if (!result.ok) {
      this.#fail(result.failure);
      return null;
    }
    const request = this.#put(result.data);
    const input = from?.form.fileField?.input;
    if (input) request.form.fileField?.setInput(input);
    return request;
  }

  #put(preset: Preset): Request {
    const known = this.byId(preset.id);
    if (known) return known;
    const request = Request.of(this.#bridge, preset);
    this.requests = [...this.requests, request];
    return request;
  }

  /** All presets as main has them; entries that are there already stay, with their forms and runs. */
  #take({ presets, problems }: PresetList): void {
    for (const problem of problems) this.#notices.say(problem);
    this.requests = presets.map((preset) => {
      const known = this.byId(preset.id);
      known?.take(preset);
      return known ?? Request.of(this.#bridge, preset);
    });
  }

  #fail({ message }: Failure): void {
    this.#notices.say(message);
  }
}
