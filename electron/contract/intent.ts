import * as v from 'valibot';
import { keyNameSchema } from './key.ts';

/** Ids go into host names and paths, so nothing else than these characters may pass (`x@evil.example/` must not). */
export const idSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));

export const demoModels = ['echo', 'speak', 'transcribe'] as const;
export type DemoModel = (typeof demoModels)[number];

const deploymentSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('production') }),
  v.strictObject({ kind: v.literal('development') }),
  v.strictObject({ kind: v.literal('environment'), name: idSchema }),
  v.strictObject({ kind: v.literal('deployment'), id: idSchema }),
]);
export type Deployment = v.InferOutput<typeof deploymentSchema>;

/**
 * What follows the deployment in a model's address, such as `sync/v1/audio/speech`. Whole segments of plain characters, none of
 * them `.` or `..`, so that no path leads out of the deployment.
 */
export const modelPathSchema = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(/^(?!(?:.*\/)?\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*\/?$/),
);

/** A model on Baseten. `path` is absent for its prediction: `predict`. */
export const modelTargetSchema = v.strictObject({
  kind: v.literal('model'),
  modelId: idSchema,
  deployment: deploymentSchema,
  path: v.optional(modelPathSchema),
});

export const urlTargetSchema = v.strictObject({
  kind: v.literal('url'),
  url: v.pipe(v.string(), v.maxLength(4096)),
});

/** Where a run goes: a built-in demo model, a model on Baseten, or any full URL. */
export const targetSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('demo'), model: v.picklist(demoModels) }),
  modelTargetSchema,
  urlTargetSchema,
]);
export type Target = v.InferOutput<typeof targetSchema>;

const text = v.pipe(v.string(), v.maxLength(16 * 1024 * 1024));

/** Hz */
export const sampleRateSchema = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1000),
  v.maxValue(768_000),
);

/**
 * How a file goes into the body. `auto`: as bytes in msgpack, base64 in JSON, a file in multipart, and by itself in a raw
 * body. `samples`: decoded, resampled to `sampleRate` (Hz) and sent as a numpy array. float32 has its full scale at ±1, int16
 * is that times 32768, clipped. Its shape: `mono` mixes down to [frames]; the others keep the channels.
 */
export const travelSchema = v.variant('as', [
  v.strictObject({ as: v.picklist(['auto', 'bytes', 'base64', 'data-uri']) }),
  v.strictObject({
    as: v.literal('samples'),
    dtype: v.picklist(['float32', 'int16']),
    sampleRate: sampleRateSchema,
    shape: v.picklist(['mono', 'frames-channels', 'channels-frames']),
  }),
]);
export type Travel = v.InferOutput<typeof travelSchema>;

/**
 * A field's value as the user wrote it. A number stays the literal's text, since the text decides its type on the wire:
 * `1` is an integer, `1.0` a float64. `json` is JSON text, parsed when the request is built.
 */
const fieldValueSchema = v.variant('type', [
  v.object({ type: v.literal('text'), text }),
  v.object({ type: v.literal('number'), literal: v.pipe(v.string(), v.maxLength(400)) }),
  v.object({ type: v.literal('switch'), on: v.boolean() }),
  v.object({ type: v.literal('json'), text }),
  v.object({
    type: v.literal('file'),
    inputId: v.nullable(idSchema),
    /** Absent means `auto`. */
    travel: v.optional(travelSchema),
  }),
]);
export type FieldValue = v.InferOutput<typeof fieldValueSchema>;

const fieldSchema = v.object({
  name: v.pipe(v.string(), v.maxLength(256)),
  value: fieldValueSchema,
});
export type Field = v.InferOutput<typeof fieldSchema>;

/** How one sample of headerless sound is written; `mulaw` and `alaw` are G.711. */
export const pcmEncodings = [
  's16le',
  's16be',
  's24le',
  's24be',
  's32le',
  's32be',
  'f32le',
  'f32be',
  'u8',
  's8',
  'mulaw',
  'alaw',
] as const;

/** How headerless samples in an answer are to be read: interleaved, `sampleRate` in Hz. */
export const pcmSchema = v.strictObject({
  encoding: v.picklist(pcmEncodings),
  sampleRate: sampleRateSchema,
  channels: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
});
export type Pcm = v.InferOutput<typeof pcmSchema>;

export const bodyKinds = ['msgpack', 'json', 'multipart', 'raw'] as const;
/** Timers hold at most 2^31-1 ms. */
export const secondsSchema = v.pipe(v.number(), v.minValue(0.001), v.maxValue(2_000_000));

/** How long each part of a run may take, in seconds; absent means the default. */
export const limitsSchema = v.strictObject({
  connect: v.optional(secondsSchema),
  /** From the last byte sent to the answer's first; a cold start is waited for in here. */
  firstByte: v.optional(secondsSchema),
  /** Without a byte, of the request or of the answer. */
  idle: v.optional(secondsSchema),
  /** The whole run with all its tries. */
  total: v.optional(secondsSchema),
});
export type Limits = v.InferOutput<typeof limitsSchema>;

/** Which word stands before the key; `none`: the request has no key. */
export const authSchema = v.picklist(['api-key', 'bearer', 'none']);
export const bodySchema = v.picklist(bodyKinds);
export const answerSchema = v.picklist(['auto', 'message', 'stream']);
export const retriesSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20));

/** One run as the user asked for it. */
export const intentSchema = v.object({
  target: targetSchema,
  auth: authSchema,
  body: bodySchema,
  answer: answerSchema,
  fields: v.pipe(v.array(fieldSchema), v.maxLength(256)),
  pcm: v.optional(pcmSchema),
  limits: v.optional(limitsSchema),
  /** Further tries when the server said it was busy (429, 503) or nothing could be sent; absent: 4 and 2. */
  retries: v.optional(retriesSchema),
  /** The name of the key it is sent with, never the key; absent: the one in use. */
  keyName: v.optional(keyNameSchema),
});
export type Intent = v.InferOutput<typeof intentSchema>;
