import type { Admission, Bridge } from '../../electron/contract/bridge.ts';
import type { Result } from '../../electron/contract/failure.ts';
import type { Input } from '../../electron/contract/sound.ts';
import type { FieldForm } from './field-form.svelte.ts';
import type { RequestForm } from './request-form.svelte.ts';
import type { Request } from './request.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

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
    await this.#take(this.#bridge.request('input.open', {}), field);
  }

  /** Takes one of the recent files; `field` as for `choose`. */
  async openRecent(id: string, field?: FieldForm): Promise<void> {
    await this.#take(this.#bridge.request('recents.open', { id }), field);
  }

  /** Takes what the app was told to open from outside. */
  async takeOpened(): Promise<void> {
    await this.#take(this.#bridge.request('files.take', {}));
  }

  /**
   * Puts the first file into its field of the request that was selected when it was handed over, and further ones into
   * file fields that are still empty. Those left over and the refused ones are named.
   */
  async #take(admission: Promise<Result<Admission>>, field?: FieldForm): Promise<void> {
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
    const [first, ...others] = taken.filter((input) => !presets.includes(input));
    if (first) {
      const form = this.#put(first, request, field);
      const left = others.filter((input) => !form.fillEmpty(input));
      if (left.length > 0) {
        workspace.say(
          `Only ${first.name} was taken. No field is free for ${left.map(({ name }) => name).join(', ')}.`,
        );
      }
    }
    for (const { name, failure } of refused) workspace.say(`${name}: ${failure.message}`);
  }

  #put(input: Input, request: Request, field: FieldForm | undefined): RequestForm {
    if (!field && !request.form.fileField) {
      const { fresh } = this.#workspace;
      this.#workspace.select(fresh);
      return this.#put(input, fresh, fresh.form.addFileField());
    }
    (field ?? request.form.fileField)?.setInput(input);
    return request.form;
  }
}

const isPreset = (name: string): boolean => /\.soundpost$/i.test(name);
