import type { Deployment, Intent, Pcm, Target } from '../../electron/contract/intent.ts';
import type { Remedy } from '../../electron/contract/preflight.ts';
import type { Input } from '../../electron/contract/sound.ts';
import { FieldForm } from './field-form.svelte.ts';
import { splitName } from './field-name.ts';
import { LimitsForm } from './limits-form.svelte.ts';
import { SaveForm } from './save-form.svelte.ts';
import { demoTarget, readTarget, type ReadTarget } from './read-target.ts';
import { rateProblem } from './value-problems.ts';

type PcmForm = Omit<Pcm, 'sampleRate'> & { sampleRate: number | null };

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
  /** The container's own route of a model, such as `sync/v1/audio/speech`; empty is `predict`. */
  path = $state('');
  deploymentKind = $state<Deployment['kind']>('production');
  environment = $state('');
  deploymentId = $state('');
  /** The name of the key that it is sent with; empty for the one in use. */
  keyName = $state('');
  auth = $state<Intent['auth']>('api-key');
  body = $state<Intent['body']>('msgpack');
  answer = $state<Intent['answer']>('auto');
  /** How headerless sound in an answer is to be read; the rate, in Hz, is null while its field is empty. */
  pcm = $state.raw<PcmForm>({ encoding: 's16le', sampleRate: 24_000, channels: 1 });
  readsPcm = $state(false);
  fields = $state.raw<FieldForm[]>([]);
  readonly limits = new LimitsForm();
  readonly saving = new SaveForm();

  readonly target = $derived.by<ReadTarget>(() =>
    this.demo ? demoTarget(this.demo) : readTarget(this.address, this.deployment, this.path),
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

  set deployment(deployment: Deployment) {
    this.deploymentKind = deployment.kind;
    this.environment = deployment.kind === 'environment' ? deployment.name : '';
    this.deploymentId = deployment.kind === 'deployment' ? deployment.id : '';
  }

  /** Where a dropped file goes: the field that says so, else the first that takes a file. */
  get fileField(): FieldForm | undefined {
    const files = this.fields.filter(({ type }) => type === 'file');
    return files.find(({ takesDrop }) => takesDrop) ?? files[0];
  }

  /** What will be sent, or what is still missing. */
  get intent(): { ok: true; intent: Intent } | { ok: false; hint: string } {
    const { target } = this;
    if (!target.ok) return target;
    const problem = this.#fieldsProblem() || this.limits.problem;
    if (problem) return { ok: false, hint: problem };
    if (this.pcmProblem) return { ok: false, hint: `Sample rate: ${this.pcmProblem}` };
    const { auth, body, answer, fields, readsPcm, pcm, keyName } = this;
    return {
      ok: true,
      intent: {
        target: target.target,
        auth,
        body,
        answer,
        fields: fields
          .filter(({ isLeftOut }) => !isLeftOut)
          .map(({ name, value }) => ({ name: name.trim(), value })),
        ...this.limits.intent,
        ...(keyName === '' || this.demo ? {} : { keyName }),
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

  /** Reads headerless sound so from now on. */
  readPcm(pcm: Pcm): void {
    this.readsPcm = true;
    this.pcm = pcm;
  }

  /** The first thing that is wrong with the fields, in words; empty when nothing is. */
  #fieldsProblem(): string {
    const wrong = this.fields.find(({ problem }) => problem !== '');
    return wrong ? `${splitName(wrong.name).last || 'The file'}: ${wrong.problem}` : '';
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

  /** Puts a file into the first field that still waits for one; false when none does. */
  fillEmpty(input: Input): boolean {
    const field = this.fields.find((candidate) => candidate.type === 'file' && !candidate.input);
    field?.setInput(input);
    return field !== undefined;
  }

  add(field: FieldForm): void {
    this.fields = [...this.fields, field];
  }

  /** Takes a field out; the answered function puts it back at its place. */
  remove(field: FieldForm): () => void {
    const at = this.fields.indexOf(field);
    this.fields = this.fields.filter((other) => other !== field);
    return () => {
      if (!this.fields.includes(field)) this.fields = this.fields.toSpliced(at, 0, field);
    };
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
