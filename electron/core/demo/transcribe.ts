import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { readMessage, writeMessage } from './message.ts';
import { TrussError, type Answer, type Prediction } from './truss.ts';

/** `resources/sample/transcript.json`: what is said in the recording with this SHA-256, in the shape of Baseten's Whisper. */
export const transcriptSchema = v.object({
  sha256: v.string(),
  answer: v.object({
    language_code: v.string(),
    language_prob: v.number(),
    /** times in seconds */
    segments: v.array(v.object({ text: v.string(), start_time: v.number(), end_time: v.number() })),
  }),
});
export type Transcript = v.InferOutput<typeof transcriptSchema>;

/** Where speech models take base64 audio in JSON. */
const base64Keys = ['byte_data', 'audio', 'audio_b64', 'audio_bytes'];
const base64Pattern = /^(?:data:[^,]*;base64,)?[A-Za-z0-9+/\s]+={0,2}\s*$/;

/**
 * Answers the transcript of the one recording it knows, and says so for any other.
 * @throws TrussError 400 without exactly one audio file in the request, 422 for one it does not know
 */
export function transcribe(prediction: Prediction, transcript: Transcript): Answer {
  const found = [...audioIn(readMessage(prediction), prediction.binary)];
  const [audio] = found;
  if (!audio || found.length > 1) {
    throw TrussError.fromModel(
      400,
      `The demo found ${found.length} audio files in this request and needs one. ` +
        'Send it as bytes in a field named byte_data, or as base64 in JSON.',
    );
  }
  if (createHash('sha256').update(audio).digest('hex') !== transcript.sha256) {
    throw TrussError.fromModel(
      422,
      'The demo only knows its own recording. ' +
        'Load the sample Gettysburg.mp3, or choose a model of yours that recognises speech.',
    );
  }
  return writeMessage(transcript.answer, prediction);
}

/** Every bytes value in a msgpack message; in JSON, every base64 text under a key that speech models use for audio. */
function* audioIn(value: unknown, binary: boolean, key = ''): Generator<Uint8Array> {
  if (value instanceof Uint8Array) yield value;
  if (typeof value === 'string' && !binary && base64Keys.includes(key)) {
    if (base64Pattern.test(value)) yield Buffer.from(value.replace(/^data:[^,]*,/, ''), 'base64');
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    yield* audioIn(inner, binary, Array.isArray(value) ? key : name);
  }
}
