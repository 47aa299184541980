import type { Bridge } from '../../electron/contract/bridge.ts';
import type { KeyState } from '../../electron/contract/key.ts';
import type { AppState } from '../../electron/contract/app-state.ts';
import { demoRequests } from './demo-requests.ts';
import { FieldForm } from './field-form.svelte.ts';
import { History } from './history.svelte.ts';
import { HandedFiles } from './handed-files.ts';
import { remember } from './intent-form.ts';
import { KeptKeys } from './kept-keys.svelte.ts';
import { Models } from './models.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Presets } from './presets.svelte.ts';
import { placeOf, putBack } from './put-back.ts';
import { Recents } from './recents.svelte.ts';
import { RequestForm } from './request-form.svelte.ts';
import { Request } from './request.svelte.ts';
import { tellOfEnd } from './run-end.ts';
import { subjectNow } from './run-subject.ts';

/** Everything the window shows: the requests, which one is selected, the key, and words to say. */
export class Workspace {
  readonly about: AppState;
  readonly notices = new Notices();
  readonly presets: Presets;
  readonly history: History;
  readonly keys: KeptKeys;
  readonly models: Models;
  /** The way of files into the window. */
  readonly files: HandedFiles;
  readonly recents: Recents;
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
    this.history = new History(bridge, this.notices);
    this.keys = new KeptKeys(bridge, this.notices, (key) => {
      this.key = key;
    });
    this.models = new Models(bridge, this.notices);
    const form = new RequestForm({ fields: [new FieldForm('byte_data', { type: 'file' })] });
    this.fresh = new Request(bridge, { id: 'new', title: 'New request', hint: '', form });
    this.demo = demoRequests(bridge, about.sample);
    this.files = new HandedFiles(bridge, this);
    this.recents = new Recents(bridge, this.notices);
    void this.recents.load();
    // A preset that was opened is added to those there are.
    void this.presets.load().then(() => this.files.takeOpened());
  }

  get requests(): Request[] {
    return [...this.presets.requests, this.fresh, ...this.demo];
  }

  get selected(): Request {
    return this.requests.find(({ id }) => id === this.#selectedId) ?? this.fresh;
  }

  select(request: Request): void {
    this.#selectedId = request.id;
    request.run.isUnseen = false;
  }

  /** Selects the preset at a place of those shown, from 0 on. */
  selectAt(at: number): void {
    const request = this.presets.shown[at];
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
    const { selected } = this;
    const field = selected.form.fileField;
    if (!field && selected !== this.fresh) return `“${selected.title}” takes no file`;
    if (field?.input) return `Replace ${field.input.name}`;
    return `Use it as ${field?.name ?? 'byte_data'}`;
  }

  /** Runs the request, or goes to what is wrong with it, which the run bar names. */
  run(): void {
    const { selected } = this;
    const { form, preflight, run, preset } = selected;
    if (form.intent.ok && !preflight.blocks) {
      const { fields, saving } = form;
      const subject = subjectNow(selected, this.models);
      const asked = { fields, preset, save: saving.asked, subject };
      void run.start(form.intent.intent, asked).then(() => {
        tellOfEnd(selected, this);
      });
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
