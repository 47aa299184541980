import type { Admission, Bridge } from '../../electron/contract/bridge.ts';
import type { Result } from '../../electron/contract/failure.ts';
import type { KeyState } from '../../electron/contract/key.ts';
import type { AppState } from '../../electron/contract/requests.ts';
import type { Input } from '../../electron/contract/sound.ts';
import { demoRequests } from './demo-requests.ts';
import { FieldForm } from './field-form.svelte.ts';
import { History } from './history.svelte.ts';
import { remember } from './intent-form.ts';
import { KeptKeys } from './kept-keys.svelte.ts';
import { Models } from './models.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Presets } from './presets.svelte.ts';
import { placeOf, putBack } from './put-back.ts';
import { RequestForm } from './request-form.svelte.ts';
import { Request } from './request.svelte.ts';
import { subjectNow } from './run-subject.ts';

/** Everything the window shows: the requests, which one is selected, the key, and words to say. */
export class Workspace {
  readonly about: AppState;
  readonly notices = new Notices();
  readonly presets: Presets;
  readonly history: History;
  readonly keys: KeptKeys;
  readonly models: Models;
  readonly demo: Request[];
  readonly fresh: Request;
  key = $state.raw<KeyState>({ source: 'none', keychain: { usable: true } });
  #selectedId = $state('echo');
  readonly #bridge: Bridge;

  constructor(bridge: Bridge, about: AppState) {
    this.#bridge = bridge;
    this.about = about;
    this.key = about.key;
    this.presets = new Presets(bridge, this.notices);
    void this.presets.load();
    this.history = new History(bridge, this.notices);
    this.keys = new KeptKeys(bridge, this.notices, (key) => {
      this.key = key;
    });
    this.models = new Models(bridge, this.notices);
    const form = new RequestForm({ fields: [new FieldForm('byte_data', { type: 'file' })] });
    this.fresh = new Request(bridge, { id: 'new', title: 'New request', hint: '', form });
    this.demo = demoRequests(bridge, about.sample);
  }

  get requests(): Request[] {
    return [...this.presets.requests, this.fresh, ...this.demo];
  }

  get selected(): Request {
    return this.requests.find(({ id }) => id === this.#selectedId) ?? this.fresh;
  }

  select(request: Request): void {
    this.#selectedId = request.id;
  }

  /** Selects the preset at a place of the list, from 0 on. */
  selectAt(at: number): void {
    const request = this.presets.requests[at];
    if (request) this.select(request);
  }

  /**
   * Puts an earlier run back: what was asked into the form of its preset or of the demo, else of New request, and beside
   * it what came. False when it can't be had, which has then been said.
   */
  async reopen(runId: string): Promise<boolean> {
    const entry = await this.history.open(runId);
    if (!entry) return false;
    const request = placeOf(entry, this);
    const { state } = request.run;
    if (state.phase === 'running' && state.runId !== runId) {
      this.say(`“${request.title}” is still running. Wait for its end, or cancel it, first.`);
      return false;
    }
    if (state.phase !== 'running') putBack(entry, request, this);
    this.select(request);
    return true;
  }

  /** Before something is put into a request's form. The answer says what took its place, with a way back, if it was not saved. */
  rememberUnsaved(request: Request): (newcomer: string) => void {
    const { form, isChanged, title } = request;
    if (!isChanged && (request !== this.fresh || form.address === '')) return () => undefined;
    const undo = remember(form);
    return (newcomer) => {
      this.notices.say(`What was in “${title}” and not saved made room for ${newcomer}.`, {
        label: 'Undo',
        do: undo,
      });
    };
  }

  get runningCount(): number {
    return this.requests.filter(({ run }) => run.state.phase === 'running').length;
  }

  /** What a drop would do now, for the overlay. */
  get dropEffect(): string {
    const field = this.selected.form.fileField;
    const place = field ? '' : ' in New request';
    const into = field ?? this.fresh.form.fileField;
    if (into?.input) return `Replace ${into.input.name}${place}`;
    return `Use it as ${into?.name ?? 'byte_data'}${place}`;
  }

  async drop(files: File[]): Promise<void> {
    if (files.length === 0) return;
    const request = this.selected;
    this.take(await this.#bridge.admit(files), request);
  }

  /** Asks for files with the system's dialog; `field` is where the first one goes, else the first that takes a file. */
  async open(field?: FieldForm): Promise<void> {
    const request = this.selected;
    const result = await this.#bridge.request('input.open', {});
    const admission = result.ok
      ? { ok: true as const, data: { taken: result.data, refused: [] } }
      : result;
    this.take(admission, request, field);
  }

  /**
   * Puts the first file into its field of the request that was selected when it was handed over, and further ones into
   * file fields that are still empty. Those left over and the refused ones are named.
   */
  take(result: Result<Admission>, request: Request, field?: FieldForm): void {
    if (!result.ok) {
      this.say(result.failure.message);
      return;
    }
    const { refused } = result.data;
    const presets = result.data.taken.filter(({ name }) => name.endsWith('.soundpost'));
    for (const { id } of presets) {
      void this.presets.importFile(id).then((added) => {
        if (added) this.select(added);
      });
    }
    const [first, ...others] = result.data.taken.filter((input) => !presets.includes(input));
    if (first) {
      const form = this.#put(first, request, field);
      const left = others.filter((input) => !form.fillEmpty(input));
      if (left.length > 0) {
        this.say(
          `Only ${first.name} was taken. No field is free for ${left.map(({ name }) => name).join(', ')}.`,
        );
      }
    }
    for (const { name, failure } of refused) this.say(`${name}: ${failure.message}`);
  }

  #put(input: Input, request: Request, field: FieldForm | undefined): RequestForm {
    if (!field && !request.form.fileField) {
      this.select(this.fresh);
      return this.#put(input, this.fresh, this.fresh.form.addFileField());
    }
    (field ?? request.form.fileField)?.setInput(input);
    return request.form;
  }

  /** Runs the request, or goes to what is wrong with it, which the run bar names. */
  run(): void {
    const { selected } = this;
    const { form, preflight, run, preset } = selected;
    if (form.intent.ok && !preflight.blocks) {
      const { fields, saving } = form;
      const subject = subjectNow(selected, this.models);
      void run.start(form.intent.intent, { fields, preset, save: saving.asked, subject });
    } else document.querySelector<HTMLElement>('[data-wrong]')?.focus();
  }

  runOrCancel(): void {
    const { run } = this.selected;
    if (run.state.phase === 'running') void run.cancel();
    else this.run();
  }

  /** Keeps what is selected: the changes of a preset, or a new one under a name that is asked for. */
  savePreset(askName: () => void): void {
    const { selected } = this;
    if (selected.preset) void this.presets.update(selected);
    else if (!selected.form.demo) askName();
  }

  async copy(text: string): Promise<void> {
    const result = await this.#bridge.request('clipboard.write', { text });
    this.say(result.ok ? 'Copied.' : result.failure.message);
  }

  /** Says a word at the foot of the window. */
  say(text: string): void {
    this.notices.say(text);
  }
}
