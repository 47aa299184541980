import type { Field, FieldValue, Intent, Target } from '../../contract/intent.ts';
import type { Preset, PresetField } from '../../contract/preset.ts';
import { SoundpostError } from '../soundpost-error.ts';

export type PresetUse = {
  /** Ids of admitted files: the first for the field that takes the dropped one, the rest for file fields in their order. */
  inputs?: string[];
  /** Values instead of the defaults, by name; a name that the preset doesn't have is added. A text becomes what the field is. */
  overrides?: Field[];
  target?: Target;
};

/**
 * The request that a preset makes with these files and values. A field that may be left out is, while it is empty.
 * @throws SoundpostError `invalid_field` for a file too many, and a value that its field can't have
 */
export function presetToIntent(
  preset: Preset,
  { inputs = [], overrides = [], target = preset.target }: PresetUse,
): Intent {
  const { auth, body, answer, pcm, limits, retries, keyName } = preset;
  const files = givenFiles(preset, inputs);
  const fields: Field[] = [];
  for (const field of preset.fields) {
    const override = overrides.find(({ name }) => name === field.name);
    const value = override
      ? valueAs(field, override.value)
      : defaultOf(field, files.get(field) ?? null);
    if (!isLeftOut(field, value)) fields.push({ name: field.name, value });
  }
  const known = new Set(preset.fields.map(({ name }) => name));
  const added = overrides.filter(({ name }) => !known.has(name));
  return {
    ...{ target, auth, body, answer, fields: [...fields, ...added] },
    ...(pcm ? { pcm } : {}),
    ...(limits ? { limits } : {}),
    ...(retries === undefined ? {} : { retries }),
    ...(keyName === undefined ? {} : { keyName }),
  };
}

/** The field that takes the file that is dropped or named first. */
function dropField({ fields }: Pick<Preset, 'fields'>): PresetField | undefined {
  const files = fields.filter((field) => field.type === 'file');
  return files.find(({ takesDrop }) => takesDrop) ?? files[0];
}

function givenFiles(preset: Preset, inputs: string[]): Map<PresetField, string> {
  const first = dropField(preset);
  const others = preset.fields.filter((field) => field.type === 'file' && field !== first);
  const places = first ? [first, ...others] : others;
  if (inputs.length > places.length) {
    const words =
      ['takes no file', 'takes one file'][places.length] ?? `takes ${places.length} files`;
    throw new SoundpostError(
      'invalid_field',
      `The preset “${preset.name}” ${words}, and ${inputs.length} were given. Name the field: name@file.`,
    );
  }
  return new Map(places.flatMap((field, at) => (inputs[at] ? [[field, inputs[at]] as const] : [])));
}

function defaultOf(field: PresetField, inputId: string | null): FieldValue {
  switch (field.type) {
    case 'number':
      return { type: 'number', literal: field.literal };
    case 'switch':
      return { type: 'switch', on: field.on };
    case 'json':
      return { type: 'json', text: field.text };
    case 'text':
    case 'choice':
      return { type: 'text', text: field.text };
    case 'file':
      return { type: 'file', inputId, ...(field.travel ? { travel: field.travel } : {}) };
  }
}

/** A value given instead of the default. A text is read as the field's type; any other type says itself what it is. */
function valueAs(field: PresetField, given: FieldValue): FieldValue {
  if (given.type === 'file') {
    const isPlain = given.travel === undefined || given.travel.as === 'auto';
    return field.type === 'file' && field.travel && isPlain
      ? { ...given, travel: field.travel }
      : given;
  }
  if (given.type !== 'text') return given;
  switch (field.type) {
    case 'text':
      return given;
    case 'number':
      return { type: 'number', literal: given.text };
    case 'json':
      return { type: 'json', text: given.text };
    case 'switch':
      if (given.text !== 'true' && given.text !== 'false') {
        throw cannotBe(field.name, given.text, 'It is true or false.');
      }
      return { type: 'switch', on: given.text === 'true' };
    case 'choice':
      if (!field.choices.includes(given.text) && !isLeftOut(field, given)) {
        const choices = field.choices.slice(0, 20).join(', ');
        throw cannotBe(
          field.name,
          given.text,
          `It is one of: ${choices}. To send another all the same, write it as JSON: ${field.name}:='"…"'.`,
        );
      }
      return given;
    case 'file':
      // A model that fetches a file itself may be given its address in the file's place.
      return given;
  }
}

function isLeftOut(field: PresetField, value: FieldValue): boolean {
  if (field.type === 'switch' || field.optional !== true) return false;
  switch (value.type) {
    case 'text':
    case 'json':
      return value.text.trim() === '';
    case 'number':
      return value.literal.trim() === '';
    case 'file':
      return value.inputId === null;
    case 'switch':
      return false;
  }
}

const cannotBe = (name: string, given: string, words: string): SoundpostError =>
  new SoundpostError('invalid_field', `“${name}” can’t be “${given.slice(0, 80)}”. ${words}`);
