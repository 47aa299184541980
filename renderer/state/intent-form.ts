import type { Field, FieldValue, Intent } from '../../electron/contract/intent.ts';
import type { Preset, PresetField } from '../../electron/contract/preset.ts';
import type { Input } from '../../electron/contract/sound.ts';
import { FieldForm } from './field-form.svelte.ts';
import { fieldOfPreset, fillSettings, fillTarget } from './preset-form.ts';
import type { RequestForm } from './request-form.svelte.ts';

/**
 * Fills a form with what an earlier run asked. `inputs` are those of its files that can still be had. A preset's form keeps
 * what the preset knows of its fields: choices, ranges, notes, and which may be left out.
 */
export function fillFromIntent(
  form: RequestForm,
  intent: Intent,
  { inputs, preset }: { inputs: readonly Input[]; preset: Preset | null },
): void {
  if (intent.target.kind !== 'demo') fillTarget(form, intent.target);
  fillSettings(form, intent);
  const left = [...intent.fields];
  const known = (preset?.fields ?? []).flatMap((field) => {
    const at = left.findIndex(({ name, value }) => name === field.name && takes(field, value));
    const [found] = at < 0 ? [] : left.splice(at, 1);
    if (found) return fill(fieldOfPreset(field), found.value, inputs);
    return 'optional' in field && field.optional ? emptied(fieldOfPreset(field)) : [];
  });
  const others = left.map(({ name, value }: Field) =>
    fill(new FieldForm(name, { type: value.type }), value, inputs),
  );
  form.fields = [...known, ...others];
}

/** Remembers all that a form holds; the answered function puts it back. */
export function remember(form: RequestForm): () => void {
  const { address, path, deploymentKind, environment, deploymentId } = form;
  const { auth, keyName, body, answer, pcm, readsPcm, fields } = form;
  const { limits, retries } = form.limits.intent;
  const { rule } = form.saving;
  return () => {
    Object.assign(form, { address, path, deploymentKind, environment, deploymentId });
    Object.assign(form, { auth, keyName, body, answer, pcm, readsPcm, fields });
    form.limits.fill(limits ?? {}, retries);
    form.saving.fill(rule);
  };
}

/** A choice is sent as a text. */
const takes = ({ type }: PresetField, value: FieldValue): boolean =>
  type === value.type || (type === 'choice' && value.type === 'text');

function emptied(form: FieldForm): FieldForm {
  form.text = '';
  return form;
}

function fill(form: FieldForm, value: FieldValue, inputs: readonly Input[]): FieldForm {
  switch (value.type) {
    case 'text':
    case 'json':
      form.text = value.text;
      break;
    case 'number':
      form.text = value.literal;
      break;
    case 'switch':
      form.on = value.on;
      break;
    case 'file':
      form.travel = value.travel ?? { as: 'auto' };
      form.setInput(inputs.find(({ id }) => id === value.inputId) ?? null);
      break;
  }
  return form;
}
