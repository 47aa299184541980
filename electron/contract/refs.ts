import * as v from 'valibot';
import { idSchema, modelTargetSchema, pcmSchema, sampleRateSchema } from './intent.ts';
import { keyNameSchema } from './key.ts';

// By what the page’s requests name a run, a part, a model, a key or a preset.

export const nothing = v.strictObject({});
export const runRef = v.strictObject({ runId: idSchema });
export const runRefs = v.strictObject({
  runIds: v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(1000)),
});
export const partRef = v.strictObject({
  runId: idSchema,
  part: v.pipe(v.string(), v.maxLength(1024)),
  /** `received`: exactly the received bytes, those of an array in a `.npy` file. `wav`: as it is played. */
  as: v.picklist(['received', 'wav']),
  /** For the WAV of an array. */
  sampleRate: v.optional(sampleRateSchema),
  /** For the WAV of headerless samples, when they are to be read otherwise than they were. */
  pcm: v.optional(pcmSchema),
});

/** Whose models; the key in use when absent. */
export const keyName = v.optional(keyNameSchema);
export const modelRef = v.strictObject({
  ...v.pick(modelTargetSchema, ['modelId', 'deployment']).entries,
  keyName,
});
export const keyRef = v.strictObject({ id: idSchema });
export const presetRef = v.strictObject({ id: idSchema });
export const presetIds = v.strictObject({ ids: v.pipe(v.array(idSchema), v.maxLength(2000)) });

/** What a transcript is saved as. */
export const transcriptKindSchema = v.picklist(['txt', 'srt', 'vtt']);
