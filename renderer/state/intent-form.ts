import type { Field, Intent } from '../../electron/contract/intent.ts';
import type { Input } from '../../electron/contract/sound.ts';
import { FieldForm } from './field-form.svelte.ts';
import { fillSettings, fillTarget } from './preset-form.ts';
import type { RequestForm } from './request-form.svelte.ts';

/** Fills a form with what an earlier run asked. `inputs` are those of its files that can still be had. */
export function fillFromIntent(form: RequestForm, intent: Intent, inputs: readonly Input[]): void {
  if (intent.target.kind !== 'demo') fillTarget(form, intent.target);
  fillSettings(form, intent);
  form.fields = intent.fields.map((field) => fieldForm(field, inputs));
}

function fieldForm({ name, value }: Field, inputs: readonly Input[]): FieldForm {
  const form = new FieldForm(name, { type: value.type });
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
