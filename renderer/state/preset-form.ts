import type { PresetDraft, PresetField } from '../../electron/contract/preset.ts';
import { FieldForm } from './field-form.svelte.ts';
import type { RequestForm } from './request-form.svelte.ts';

/** Fills a form from a preset. Files stay where a field of the same name takes one. */
export function fillForm(form: RequestForm, preset: PresetDraft): void {
  fillTarget(form, preset.target);
  fillSettings(form, preset);
  form.saving.fill(preset.save);
  const before = form.fields;
  form.fields = preset.fields.map((field) => {
    const filled = fieldOfPreset(field);
    const same = before.find(({ name, type }) => name === field.name && type === 'file');
    if (field.type === 'file' && same?.input) filled.setInput(same.input);
    return filled;
  });
}

type Settings = Pick<
  PresetDraft,
  'auth' | 'body' | 'answer' | 'pcm' | 'limits' | 'retries' | 'keyName'
>;

/** Sets how a form's request is sent and its answer read. */
export function fillSettings(form: RequestForm, settings: Settings): void {
  form.auth = settings.auth;
  form.body = settings.body;
  form.answer = settings.answer;
  form.keyName = settings.keyName ?? '';
  form.readsPcm = settings.pcm !== undefined;
  if (settings.pcm) form.pcm = settings.pcm;
  form.limits.fill(settings.limits ?? {}, settings.retries);
}

/** Points a form at a model or a URL. */
export function fillTarget(form: RequestForm, target: PresetDraft['target']): void {
  if (target.kind === 'url') {
    form.address = target.url;
    form.path = '';
  } else {
    form.address = target.modelId;
    form.path = target.path ?? '';
    form.deployment = target.deployment;
  }
}

/** The preset that a form makes under a name, or what it still needs. */
export function draftOf(
  form: RequestForm,
  name: string,
  kept: Pick<PresetDraft, 'notes'> = {},
): { ok: true; draft: PresetDraft } | { ok: false; hint: string } {
  const { target } = form;
  if (!target.ok) return target;
  if (target.target.kind === 'demo') return { ok: false, hint: 'The demo is always there.' };
  const { auth, body, answer, readsPcm, pcm } = form;
  const { limits, retries } = form.limits.intent;
  const hasPcm = readsPcm && pcm.sampleRate !== null;
  return {
    ok: true,
    draft: {
      name,
      target: target.target,
      ...{ auth, body, answer },
      ...(hasPcm ? { pcm: { ...pcm, sampleRate: pcm.sampleRate ?? 0 } } : {}),
      ...(limits ? { limits } : {}),
      ...(retries === undefined ? {} : { retries }),
      ...(form.keyName === '' ? {} : { keyName: form.keyName }),
      fields: form.fields.map(presetField),
      ...(form.saving.rule ? { save: form.saving.rule } : {}),
      ...kept,
    },
  };
}

/** A field as its preset has it. */
export function fieldOfPreset(field: PresetField): FieldForm {
  const form = new FieldForm(field.name, { type: field.type });
  form.note = field.note ?? '';
  switch (field.type) {
    case 'text':
    case 'json':
    case 'choice':
      form.text = field.text;
      break;
    case 'number':
      form.text = field.literal;
      form.range = { min: field.min, max: field.max, step: field.step };
      break;
    case 'switch':
      form.on = field.on;
      break;
    case 'file':
      form.travel = field.travel ?? { as: 'auto' };
      form.takesDrop = field.takesDrop ?? false;
      break;
  }
  if (field.type === 'choice') form.choices = field.choices;
  if (field.type !== 'switch') form.isOptional = field.optional ?? false;
  return form;
}

function presetField(form: FieldForm): PresetField {
  const { text, on, travel, choices } = form;
  const any = { name: form.name.trim(), ...(form.note ? { note: form.note } : {}) };
  const optional = form.isOptional ? { optional: true } : {};
  switch (form.type) {
    case 'text':
    case 'json':
      return { ...any, type: form.type, text, ...optional };
    case 'number':
      return { ...any, type: 'number', literal: text.trim(), ...defined(form.range), ...optional };
    case 'switch':
      return { ...any, type: 'switch', on };
    case 'choice':
      return {
        ...any,
        type: 'choice',
        text,
        choices: choices.includes(text) || text === '' ? [...choices] : [...choices, text],
        ...optional,
      };
    case 'file':
      return {
        ...any,
        type: 'file',
        ...(travel.as === 'auto' ? {} : { travel }),
        ...(form.takesDrop ? { takesDrop: true } : {}),
        ...optional,
      };
  }
}

function defined({ min, max, step }: FieldForm['range']) {
  return {
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(step === undefined ? {} : { step }),
  };
}
