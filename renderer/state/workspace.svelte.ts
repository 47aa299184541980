import type { Admission, Bridge } from '../../electron/contract/bridge.ts';
import type { Failure, Result } from '../../electron/contract/failure.ts';
import type { KeyState } from '../../electron/contract/key.ts';
import type { AppState } from '../../electron/contract/requests.ts';
import type { Input } from '../../electron/contract/sound.ts';
import { keptWords } from '../settings/key-words.ts';
import { Preflight } from './preflight.svelte.ts';
import { FieldForm } from './field-form.svelte.ts';
import { RequestForm } from './request-form.svelte.ts';
import { Run } from './run.svelte.ts';

/** One entry of the left pane: a request with its own form and its own run. */
export type Request = {
  id: string;
  title: string;
  hint: string;
  form: RequestForm;
  preflight: Preflight;
  run: Run;
};

/** A word at the foot of the window; goes away by itself or when closed. */
export type Notice = { id: number; text: string };

/** What the demo speaks. */
const speech =
  'Four score and seven years ago our fathers brought forth, upon this continent, a new nation, conceived in liberty, and dedicated to the proposition that all men are created equal.';

/** Everything the window shows: the requests, which one is selected, the key, and words to say. */
export class Workspace {
  readonly about: AppState;
  readonly requests: Request[];
  readonly demo: Request[];
  readonly fresh: Request;
  key = $state.raw<KeyState>({ source: 'none', keychain: { usable: true } });
  notices = $state.raw<Notice[]>([]);
  #selectedId = $state('echo');
  #noticeCount = 0;
  readonly #bridge: Bridge;

  constructor(bridge: Bridge, about: AppState) {
    this.#bridge = bridge;
    this.about = about;
    this.key = about.key;
    const request = (id: string, title: string, hint: string, form: RequestForm): Request => ({
      id,
      title,
      hint,
      form,
      preflight: new Preflight(bridge),
      run: new Run(bridge),
    });
    const sound = (input: Input | null): FieldForm =>
      new FieldForm('byte_data', { type: 'file', input });
    this.fresh = request('new', 'New request', '', new RequestForm({ fields: [sound(null)] }));
    this.demo = [
      request(
        'echo',
        'Echo',
        'sound',
        new RequestForm({ demo: 'echo', fields: [sound(about.sample)] }),
      ),
      request(
        'speak',
        'Speak',
        'stream',
        new RequestForm({
          demo: 'speak',
          answer: 'stream',
          pcm: true,
          fields: [new FieldForm('text', { text: speech })],
        }),
      ),
      request(
        'transcribe',
        'Transcribe',
        'text',
        new RequestForm({ demo: 'transcribe', fields: [sound(about.sample)] }),
      ),
    ];
    this.requests = [this.fresh, ...this.demo];
  }

  get selected(): Request {
    return this.requests.find(({ id }) => id === this.#selectedId) ?? this.fresh;
  }

  select(request: Request): void {
    this.#selectedId = request.id;
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
    const { taken, refused } = result.data;
    const [first, ...others] = taken;
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
    const { form, preflight, run } = this.selected;
    if (form.intent.ok && !preflight.blocks) void run.start(form.intent.intent, form.fields);
    else document.querySelector<HTMLElement>('[data-wrong]')?.focus();
  }

  runOrCancel(): void {
    const { run } = this.selected;
    if (run.state.phase === 'running') void run.cancel();
    else this.run();
  }

  async copy(text: string): Promise<void> {
    const result = await this.#bridge.request('clipboard.write', { text });
    this.say(result.ok ? 'Copied.' : result.failure.message);
  }

  /** Sends the key to main, which checks and keeps it; nothing of it stays here. Null when all went well. */
  async setKey(key: string, keep: 'keychain' | 'session'): Promise<Failure | null> {
    const result = await this.#bridge.request('key.set', { key, keep });
    if (!result.ok) return result.failure;
    this.key = result.data.state;
    this.say(result.data.note ?? keptWords(result.data.state));
    return null;
  }

  async changeKey(route: 'key.remove' | 'key.refresh'): Promise<void> {
    const result = await this.#bridge.request(route, {});
    if (result.ok) this.key = result.data;
    else this.say(result.failure.message);
  }

  /** Says a word at the foot of the window; one that is already there is said anew, not twice. */
  say(text: string): void {
    const id = (this.#noticeCount += 1);
    const others = this.notices.filter((notice) => notice.text !== text);
    this.notices = [...others, { id, text }].slice(-4);
    setTimeout(() => {
      this.dismiss(id);
    }, 8000);
  }

  dismiss(id: number): void {
    this.notices = this.notices.filter((notice) => notice.id !== id);
  }
}
