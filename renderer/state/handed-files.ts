import type { Admission, Bridge } from '../../electron/contract/bridge.ts';
import type { Result } from '../../electron/contract/failure.ts';
import type { Input } from '../../electron/contract/sound.ts';
import type { FieldForm } from './field-form.svelte.ts';
import type { Request } from './request.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** `goesAlong`: where the request that is selected has no place for a file, New request is shown with it. */
type Where = { field?: FieldForm | undefined; goesAlong?: boolean };

/** Files on their way into the window, however they were handed over: dropped, chosen, recent, or opened from outside. */
export class HandedFiles {
  readonly #bridge: Bridge;
  readonly #workspace: Workspace;

  constructor(bridge: Bridge, workspace: Workspace) {
    this.#bridge = bridge;
    this.#workspace = workspace;
    bridge.on('files.opened', () => void this.takeOpened());
    bridge.on('recents.chosen', ({ id }) => void this.openRecent(id));
  }

  async drop(files: File[]): Promise<void> {
    if (files.length > 0) await this.#take(this.#bridge.admit(files));
  }

  /** Asks for files with the system's dialog; `field` is where the first one goes, else the first that takes a file. */
  async choose(field?: FieldForm): Promise<void> {
    await this.#take(this.#bridge.request('input.open', {}), { field });
  }

  /** Takes one of the recent files; `field` as for `choose`. */
  async openRecent(id: string, field?: FieldForm): Promise<void> {
    await this.#take(this.#bridge.request('recents.open', { id }), { field });
  }

  /** Takes what the app was told to open from outside: where it goes is shown, as whoever opens a file wants to see it. */
  async takeOpened(): Promise<void> {
    await this.#take(this.#bridge.request('files.take', {}), { goesAlong: true });
  }

  /**
   * Puts the first file into its field of the request that was selected when it was handed over, and further ones into
   * file fields that are still empty. Those left over and the refused ones are named.
   */
  async #take(
    admission: Promise<Result<Admission>>,
    { field, goesAlong }: Where = {},
  ): Promise<void> {
    const workspace = this.#workspace;
    const request = workspace.selected;
    const result = await admission;
    if (!result.ok) {
      workspace.say(result.failure.message);
      return;
    }
    const { taken, refused } = result.data;
    const presets = taken.filter(({ name }) => isPreset(name));
    for (const { id } of presets) {
      void workspace.presets.importFile(id).then((added) => {
        if (added) workspace.select(added);
      });
    }
    const inputs = taken.filter((input) => !presets.includes(input));
    const hasPlace = field || request.form.fileField || request === workspace.fresh;
    if (hasPlace) this.#put(inputs, request, field);
    else if (goesAlong) this.#putInNew(inputs);
    else this.#offer(inputs, request);
    for (const { name, failure } of refused) workspace.say(`${name}: ${failure.message}`);
  }

  #put([first, ...others]: Input[], { form }: Request, field = form.fileField): void {
    if (!first) return;
    (field ?? form.addFileField()).setInput(first);
    const left = others.filter((input) => !form.fillEmpty(input));
    if (left.length === 0) return;
    this.#workspace.say(`Only ${first.name} was taken. No field is free for ${namesOf(left)}.`);
  }

  #putInNew(inputs: Input[]): void {
    const { fresh } = this.#workspace;
    if (inputs.length > 0) this.#workspace.select(fresh);
    this.#put(inputs, fresh);
  }

  /** Whoever works on a request that takes no file is not sent away from it by one. */
  #offer(inputs: Input[], { title }: Request): void {
    if (inputs.length === 0) return;
    const words = `“${title}” takes no file, so ${namesOf(inputs)} was not taken.`;
    this.#workspace.notices.say(words, {
      label: 'Use it in New request',
      do: () => {
        this.#putInNew(inputs);
      },
    });
  }
}

const namesOf = (inputs: Input[]): string => inputs.map(({ name }) => name).join(', ');
const isPreset = (name: string): boolean => /\.soundpost$/i.test(name);
