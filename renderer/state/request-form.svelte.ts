import type {
  Deployment,
  FieldValue,
  Intent,
  Pcm,
  Target,
  Travel,
} from '../../electron/contract/intent.ts';
import type { Remedy } from '../../electron/contract/preflight.ts';
import type { Input } from '../../electron/contract/sound.ts';
import { LimitsForm } from './limits-form.svelte.ts';
import { demoTarget, readTarget, type ReadTarget } from './read-target.ts';
import { jsonProblem, numberProblem, rateProblem } from './value-problems.ts';

type PcmForm = Omit<Pcm, 'sampleRate'> & { sampleRate: number | null };
export type FieldType = FieldValue['type'];

let fieldCount = 0;

/** One field as it is being edited. Texts, numbers and JSON share one text, so that changing the type keeps it. */
export class FieldForm {
  readonly id = (fieldCount += 1);
  name = $state('');
  type = $state<FieldType>('text');
  text = $state('');
  on = $state(false);
  /** How a file goes into the body. */
  travel = $state.raw<Travel>({ as: 'auto' });
  #input = $state.raw<Input | null>(null);
  #replaced = $state.raw<Input | null>(null);

  constructor(name: string, start: Partial<Pick<FieldForm, 'type' | 'text' | 'input'>> = {}) {
    this.name = name;
    this.type = start.type ?? 'text';
    this.text = start.text ?? '';
    this.#input = start.input ?? null;
  }

  get input(): Input | null {
    return this.#input;
  }

  /** The input that was there before the last change, to go back to. */
  get replaced(): Input | null {
    return this.#replaced;
  }

  setInput(input: Input | null): void {
    this.#replaced = this.#input;
    this.#input = input;
  }

  undoReplace(): void {
    this.#input = this.#replaced;
    this.#replaced = null;
  }

  get value(): FieldValue {
    switch (this.type) {
      case 'text':
        return { type: 'text', text: this.text };
      case 'number':
        return { type: 'number', literal: this.text };
      case 'switch':
        return { type: 'switch', on: this.on };
      case 'json':
        return { type: 'json', text: this.text };
      case 'file':
        return { type: 'file', inputId: this.#input?.id ?? null, travel: this.travel };
    }
  }

  /** What is wrong with the value as it stands, in words; empty when nothing is. */
  get problem(): string {
    const text = this.text.trim();
    switch (this.type) {
      case 'text':
      case 'switch':
        return '';
      case 'file':
        if (!this.#input) return 'Choose a file.';
        return this.travel.as === 'samples' ? rateProblem(this.travel.sampleRate) : '';
      case 'number':
        return numberProblem(text);
      case 'json':
        return jsonProblem(text);
    }
  }
}

type Start = {
  demo?: Extract<Target, { kind: 'demo' }>['model'];
  answer?: Intent['answer'];
  pcm?: boolean;
  fields: FieldForm[];
};

/** A request as it is being composed. */
export class RequestForm {
  /** Fixed for the demo's requests, typed for all others. */
  readonly demo: Start['demo'];
  /** A model id, a full URL, or a curl command, as typed or pasted. */
  address = $state('');
  deploymentKind = $state<Deployment['kind']>('production');
  environment = $state('');
  deploymentId = $state('');
  auth = $state<Intent['auth']>('api-key');
  body = $state<Intent['body']>('msgpack');
  answer = $state<Intent['answer']>('auto');
  /** How headerless sound in an answer is to be read; the rate, in Hz, is null while its field is empty. */
  readonly pcm = $state<PcmForm>({ encoding: 's16le', sampleRate: 24_000, channels: 1 });
  readsPcm = $state(false);
  fields = $state.raw<FieldForm[]>([]);
  readonly limits = new LimitsForm();

  readonly target = $derived.by<ReadTarget>(() =>
    this.demo ? demoTarget(this.demo) : readTarget(this.address, this.deployment),
  );

  constructor({ demo, answer = 'auto', pcm = false, fields }: Start) {
    this.demo = demo;
    this.answer = answer;
    this.readsPcm = pcm;
    this.fields = fields;
  }

  get deployment(): Deployment {
    switch (this.deploymentKind) {
      case 'environment':
        return { kind: 'environment', name: this.environment.trim() };
      case 'deployment':
        return { kind: 'deployment', id: this.deploymentId.trim() };
      case 'production':
      case 'development':
        return { kind: this.deploymentKind };
    }
  }

  /** The first field that takes a file: where a dropped one goes. */
  get fileField(): FieldForm | undefined {
    return this.fields.find(({ type }) => type === 'file');
  }

  /** What will be sent, or what is still missing. */
  get intent(): { ok: true; intent: Intent } | { ok: false; hint: string } {
    const { target } = this;
    if (!target.ok) return target;
    const problem = this.#fieldsProblem() || this.limits.problem;
    if (problem) return { ok: false, hint: problem };
    if (this.pcmProblem) return { ok: false, hint: `Sample rate: ${this.pcmProblem}` };
    const { auth, body, answer, fields, readsPcm, pcm } = this;
    return {
      ok: true,
      intent: {
        target: target.target,
        auth,
        body,
        answer,
        fields: fields.map(({ name, value }) => ({ name: name.trim(), value })),
        ...this.limits.intent,
        ...(readsPcm && answer !== 'message' && pcm.sampleRate !== null
          ? { pcm: { ...pcm, sampleRate: pcm.sampleRate } }
          : {}),
      },
    };
  }

  /** What is wrong with the rate of headerless PCM, in words; empty when nothing is, or when it is not used. */
  get pcmProblem(): string {
    return this.readsPcm && this.answer !== 'message' ? rateProblem(this.pcm.sampleRate) : '';
  }

  /** The first thing that is wrong with the fields, in words; empty when nothing is. */
  #fieldsProblem(): string {
    const wrong = this.fields.find(({ problem }) => problem !== '');
    return wrong ? `${wrong.name.trim() || 'The file'}: ${wrong.problem}` : '';
  }

  /** Changes what was found to keep the request from being sent. */
  apply({ body, asItIs }: Remedy): void {
    this.body = body;
    if (!asItIs) return;
    for (const field of this.fields) field.travel = { as: 'auto' };
  }

  /** The field that takes a file; added when there is none. */
  addFileField(): FieldForm {
    const field = this.fileField ?? new FieldForm('byte_data', { type: 'file' });
    if (!this.fileField) this.add(field);
    return field;
  }

  add(field: FieldForm): void {
    this.fields = [...this.fields, field];
  }

  remove(field: FieldForm): void {
    this.fields = this.fields.filter((other) => other !== field);
  }

  /** Moves a field one place up (-1) or down (1); at the end it stays. */
  move(field: FieldForm, by: -1 | 1): void {
    const from = this.fields.indexOf(field);
    const to = from + by;
    const other = this.fields[to];
    if (!other) return;
    this.fields = this.fields.with(to, field).with(from, other);
  }
}
