import type { Bridge } from '../../electron/contract/bridge.ts';
import type { Preset, PresetDraft } from '../../electron/contract/preset.ts';
import { Preflight } from './preflight.svelte.ts';
import { draftOf, fillForm } from './preset-form.ts';
import { RequestForm } from './request-form.svelte.ts';
import { Run } from './run.svelte.ts';

type Start = { id: string; title: string; hint: string; form: RequestForm; preset?: Preset };

/** One entry of the left pane: a request with its own form and its own run, kept as a preset or not. */
export class Request {
  readonly id: string;
  readonly form: RequestForm;
  readonly preflight: Preflight;
  readonly run: Run;
  readonly #title: string;
  readonly #hint: string;
  #preset = $state.raw<Preset | null>(null);
  /** The draft that the form made when it was filled: what it makes now tells whether something was changed. */
  #filled = $state.raw('');

  constructor(bridge: Bridge, { id, title, hint, form, preset }: Start) {
    this.id = id;
    this.#title = title;
    this.#hint = hint;
    this.form = form;
    this.preflight = new Preflight(bridge);
    this.run = new Run(bridge);
    if (preset) this.take(preset);
  }

  /** An entry for a preset. */
  static of(bridge: Bridge, preset: Preset): Request {
    const form = new RequestForm({ fields: [] });
    return new Request(bridge, { id: preset.id, title: '', hint: '', form, preset });
  }

  get preset(): Preset | null {
    return this.#preset;
  }

  get title(): string {
    return this.#preset?.name ?? this.#title;
  }

  /** What tells it from its neighbours: of a preset its deployment. */
  get hint(): string {
    const target = this.#preset?.target;
    if (target?.kind !== 'model') return this.#hint;
    const { deployment } = target;
    switch (deployment.kind) {
      case 'production':
        return 'prod';
      case 'development':
        return 'dev';
      case 'environment':
        return deployment.name;
      case 'deployment':
        return deployment.id.slice(0, 7);
    }
  }

  /** Whether the form differs from the preset it was filled from. */
  get isChanged(): boolean {
    return this.#preset !== null && this.#draftText !== this.#filled;
  }

  /** The preset that the form makes now, or what it still needs. */
  draft(name = this.title): ReturnType<typeof draftOf> {
    return draftOf(this.form, name, kept(this.#preset));
  }

  /** Is this preset from now on. A form that was changed keeps its changes, unless `refill`. */
  take(preset: Preset, { refill = !this.isChanged && !isSame(preset, this.#preset) } = {}): void {
    this.#preset = preset;
    if (refill) {
      fillForm(this.form, preset);
      this.#filled = this.#draftText;
    }
  }

  /** The form as it is now is what the preset is. */
  isSavedAs(preset: Preset): void {
    this.#preset = preset;
    this.#filled = this.#draftText;
  }

  get #draftText(): string {
    const draft = draftOf(this.form, '');
    // What can't be saved differs from all that was.
    return draft.ok ? JSON.stringify(draft.draft) : draft.hint;
  }
}

/** Told again, as after each change of the file: filling its form anew would take the focus from it. */
const isSame = (one: Preset, other: Preset | null): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** What a preset holds that its form does not show. */
function kept(preset: Preset | null): Pick<PresetDraft, 'notes'> {
  return {
    ...(preset?.notes ? { notes: preset.notes } : {}),
  };
}
