import * as v from 'valibot';
import { presetRefSchema } from '../../contract/history.ts';
import { idSchema, intentSchema, pcmSchema } from '../../contract/intent.ts';
import type { OutputValue } from '../../contract/run.ts';
import type { FailureCode } from '../../contract/failure.ts';
import type { Kind } from '../../contract/sound.ts';

/** The names that a run's files can have: all of them ours. A record that names another file is refused. */
const fileName = v.pipe(
  v.string(),
  v.maxLength(64),
  v.regex(/^(response|response-unpacked|response-bytes|transformed-[\w-]+|input-\d+)(\.\w{1,8})?$/),
);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const words = v.string();
const name = v.pipe(v.string(), v.maxLength(1024));

const kindSchema = v.object({
  media: v.picklist(['audio', 'text', 'json', 'image', 'video', 'bytes']),
  format: v.exactOptional(v.string()),
  label: v.pipe(v.string(), v.maxLength(200)),
  extension: v.pipe(v.string(), v.regex(/^\w{1,8}$/)),
}) as unknown as v.GenericSchema<Kind>;

/** Bytes that follow one another: ranges of the run's own files, or a few bytes in base64. */
const pieceSchema = v.union([
  v.object({ file: fileName, offset: count, size: count }),
  v.object({ base64: v.pipe(v.string(), v.maxLength(100_000)) }),
]);
export type PieceRecord = v.InferOutput<typeof pieceSchema>;

/** Enough of a part to serve it again. */
const partSchema = v.object({
  name,
  kind: kindSchema,
  mediaType: v.pipe(v.string(), v.maxLength(200)),
  pieces: v.array(pieceSchema),
  array: v.exactOptional(
    v.object({
      dtype: v.pipe(v.string(), v.maxLength(16)),
      shape: v.pipe(v.array(count), v.maxLength(32)),
      isLittleEndian: v.boolean(),
      channels: v.pipe(count, v.minValue(1), v.maxValue(8)),
      frames: count,
      layout: v.picklist(['frames', 'planes']),
      sampleRate: count,
    }),
  ),
  pcm: v.exactOptional(pcmSchema),
});
export type PartRecord = v.InferOutput<typeof partSchema>;

const inputSchema = v.object({
  inputId: idSchema,
  name,
  size: count,
  sha256: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  /** Its copy in the run's folder, once it is whole. */
  file: v.exactOptional(fileName),
});
export type InputRecord = v.InferOutput<typeof inputSchema>;

const failureSchema = v.object({
  code: v.string() as unknown as v.GenericSchema<FailureCode>,
  message: words,
  detail: v.exactOptional(words),
});
const optionalNumber = v.exactOptional(v.number());
const outcomeSchema = v.object({
  runId: idSchema,
  state: v.picklist(['done', 'failed', 'cancelled']),
  failure: v.exactOptional(failureSchema),
  warnings: v.array(words),
  url: words,
  status: optionalNumber,
  statusText: v.exactOptional(words),
  requestId: v.exactOptional(words),
  sent: v.number(),
  received: v.number(),
  attempts: optionalNumber,
  timings: v.object({
    lastTry: optionalNumber,
    paused: optionalNumber,
    connected: optionalNumber,
    uploaded: optionalNumber,
    firstByte: optionalNumber,
    received: optionalNumber,
    total: v.number(),
  }),
  stream: v.exactOptional(
    v.object({
      pieces: optionalNumber,
      gapP50: optionalNumber,
      gapP95: optionalNumber,
      firstAudio: optionalNumber,
      firstAudible: optionalNumber,
      soundSeconds: optionalNumber,
      realTimeFactor: optionalNumber,
    }),
  ),
  headers: v.array(v.tuple([words, words])),
  /** Shown again from `RunRecord.parts`. */
  parts: v.array(v.object({ name, heardLive: v.exactOptional(v.literal(true)) })),
  saved: v.exactOptional(
    v.object({
      names: v.array(v.pipe(words, v.maxLength(1024))),
      folder: words,
      failure: v.exactOptional(failureSchema),
    }),
  ),
  output: v.exactOptional(v.unknown() as unknown as v.GenericSchema<OutputValue>),
  outputTruncated: v.exactOptional(v.literal(true)),
  flaws: v.exactOptional(
    v.array(v.object({ at: v.array(v.union([v.string(), v.number()])), flaw: words })),
  ),
  text: v.exactOptional(words),
});

const time = v.pipe(v.string(), v.isoTimestamp());

/**
 * `run.json`: what was asked and what came, without the key. While a run is in flight, it tells what would be true if
 * nobody came to write more: `outcome` is that of an interrupted run, and `lease` says who is at work.
 */
export const recordSchema = v.object({
  version: v.literal(2),
  id: idSchema,
  state: v.picklist(['running', 'done', 'failed', 'cancelled', 'interrupted']),
  startedAt: time,
  endedAt: v.exactOptional(time),
  by: v.picklist(['app', 'cli']),
  /** Also held after the end, until the inputs are copied and their hashes counted. */
  lease: v.exactOptional(
    v.object({
      pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
      processStart: v.pipe(v.string(), v.maxLength(200)),
    }),
  ),
  preset: v.exactOptional(presetRefSchema),
  intent: intentSchema,
  inputs: v.pipe(v.array(inputSchema), v.maxLength(256)),
  outcome: outcomeSchema,
  /** Absent while the answer has not been taken apart. */
  parts: v.exactOptional(v.pipe(v.array(partSchema), v.maxLength(100_000))),
  /** Set when the decoded message was too large to stand here; `response.bin` has it. */
  leftOut: v.exactOptional(v.object({ output: v.boolean(), text: v.boolean() })),
});
export type RunRecord = v.InferOutput<typeof recordSchema>;

/** `run.json` before there was a history. */
export const firstRecordSchema = v.object({
  version: v.literal(1),
  intent: intentSchema,
  outcome: outcomeSchema,
});
