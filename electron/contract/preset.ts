import * as v from 'valibot';
import {
  answerSchema,
  authSchema,
  bodySchema,
  idSchema,
  limitsSchema,
  modelPathSchema,
  modelTargetSchema,
  pcmSchema,
  retriesSchema,
  travelSchema,
  urlTargetSchema,
} from './intent.ts';
import { keyNameSchema } from './key.ts';

/** One line without control characters, or those that turn text around: it is shown in lists, menus and terminals. */
const line = (longest: number) =>
  v.pipe(
    v.string(),
    v.maxLength(longest),
    v.regex(/^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$/),
  );

const text = v.pipe(v.string(), v.maxLength(100_000));
const number = v.pipe(v.number(), v.finite());

export const presetNameSchema = v.pipe(line(100), v.trim(), v.minLength(1));

const any = {
  /** The key that will be sent, with its place: `a[b][c]`. */
  name: v.pipe(v.string(), v.maxLength(256)),
  /** Shown beside the field. */
  note: v.optional(line(200)),
};
/** Left out of the request while it is empty. */
const optional = v.optional(v.boolean());

/**
 * A field of a preset with its default, written as in a `FieldValue`. A `choice` is sent as text and is one of its list. `min`,
 * `max` and `step` guide an editor; the model decides what it takes.
 */
export const presetFieldSchema = v.variant('type', [
  v.strictObject({ ...any, type: v.literal('text'), text, optional }),
  v.strictObject({
    ...any,
    type: v.literal('number'),
    literal: v.pipe(v.string(), v.maxLength(400)),
    min: v.optional(number),
    max: v.optional(number),
    step: v.optional(v.pipe(number, v.gtValue(0))),
    optional,
  }),
  v.strictObject({ ...any, type: v.literal('switch'), on: v.boolean() }),
  v.strictObject({
    ...any,
    type: v.literal('choice'),
    text: line(1000),
    choices: v.pipe(v.array(line(1000)), v.minLength(1), v.maxLength(500)),
    optional,
  }),
  v.strictObject({ ...any, type: v.literal('json'), text, optional }),
  v.strictObject({
    ...any,
    type: v.literal('file'),
    /** Absent means `auto`. */
    travel: v.optional(travelSchema),
    /** It takes the file that is dropped on the window; when none says so, the first file field does. */
    takesDrop: v.optional(v.boolean()),
    optional,
  }),
]);
export type PresetField = v.InferOutput<typeof presetFieldSchema>;

const fieldsSchema = v.pipe(
  v.array(presetFieldSchema),
  v.maxLength(256),
  v.check((fields) =>
    fields.every(
      (field) =>
        field.type !== 'choice' ||
        field.choices.includes(field.text) ||
        (field.optional === true && field.text === ''),
    ),
  ),
  v.check((fields) => fields.filter((f) => f.type === 'file' && f.takesDrop).length <= 1),
);

/** A name below the folder for saved answers, with `{input}`, `{model}`, `{preset}`, `{date}`, `{time}`: it can’t climb out of it. */
export const nameTemplateSchema = v.pipe(
  line(200),
  v.regex(/^(?!(?:.*\/)?\.{1,2}(?:\/|$))[^/\\:*?"<>|~][^/\\:*?"<>|]*(?:\/[^/\\:*?"<>|]+)*$/),
);

/** How answers are named, when otherwise than in the settings, and whether they are saved unasked. */
const saveRuleSchema = v.strictObject({
  template: v.optional(nameTemplateSchema),
  auto: v.boolean(),
});

/** What a request has besides where it goes: shared by presets and starters. */
const requestEntries = {
  auth: authSchema,
  body: bodySchema,
  answer: answerSchema,
  /** How headerless sound in the answer is read. */
  pcm: v.optional(pcmSchema),
  limits: v.optional(limitsSchema),
  retries: v.optional(retriesSchema),
  fields: fieldsSchema,
};

const draftEntries = {
  name: presetNameSchema,
  target: v.variant('kind', [modelTargetSchema, urlTargetSchema]),
  ...requestEntries,
  save: v.optional(saveRuleSchema),
  notes: v.optional(v.pipe(v.string(), v.maxLength(10_000))),
  /** The name of the key it is sent with, never the key. Stays on this computer. */
  keyName: v.optional(keyNameSchema),
};

/** A preset that has no id yet. */
export const presetDraftSchema = v.strictObject(draftEntries);
export type PresetDraft = v.InferOutput<typeof presetDraftSchema>;

/**
 * A request that was given a name, to be filled and sent again. It holds no file, no local path and no key. Unknown keys
 * are refused: what a preset holds is what is shown.
 */
export const presetSchema = v.strictObject({ id: idSchema, ...draftEntries });
export type Preset = v.InferOutput<typeof presetSchema>;

/** `problems` says in words what of the file could not be used; it was kept as it is. */
export type PresetList = { presets: Preset[]; problems: string[] };

/** What it takes to put a removed preset back: it stood after this one, or first (null). */
export const removedPresetSchema = v.strictObject({
  preset: presetSchema,
  after: v.nullable(idSchema),
});
export type RemovedPreset = v.InferOutput<typeof removedPresetSchema>;

/** What became of an import. The key goes to none of the `unapprovedOrigins` before the user says yes to each. */
export type ImportedPresets = {
  presets: Preset[];
  problems: string[];
  unapprovedOrigins: string[];
};

/** What a starter becomes a preset for: a model on Baseten, whose route the starter knows, or a server at a URL. */
export const starterTargetSchema = v.variant('kind', [
  v.omit(modelTargetSchema, ['path']),
  urlTargetSchema,
]);
export type StarterTarget = v.InferOutput<typeof starterTargetSchema>;

/** How a well-known model is asked, ready to become a preset once its id is known. */
export const starterSchema = v.strictObject({
  id: idSchema,
  name: presetNameSchema,
  /** What it is for; `any` is for whatever comes. */
  kind: v.picklist(['transcription', 'speech', 'music', 'any']),
  /** What it is, in one line. */
  line: line(200),
  /** What comes back, in one line. */
  answers: line(200),
  /** Where its shapes are documented: a URL or words. */
  source: line(500),
  /** The model's own route, when it is not `predict`. */
  path: v.optional(modelPathSchema),
  request: v.strictObject(requestEntries),
  notes: draftEntries.notes,
});
export type Starter = v.InferOutput<typeof starterSchema>;
