import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { readMessage } from './message.ts';
import { TrussError, type Answer, type Prediction } from './truss.ts';
import { assertUtf8 } from './utf8.ts';

/** 40 ms of 24 kHz mono PCM16, about what real speech models yield at a time. */
const CHUNK_BYTES = 1920;
const CHUNK_MS = 40;

// The messages are pydantic's, which checks the input of models that declare one.
const inputSchema = v.object(
  {
    text: v.pipe(
      v.string('Input should be a valid string'),
      v.minLength(1, 'String should have at least 1 character'),
    ),
  },
  ({ expected }) =>
    expected === '"text"' ? 'Field required' : 'Input should be a valid dictionary',
);

type Speech = {
  /** headerless PCM16 little-endian, 24 kHz mono */
  recording: Buffer;
  /** How much faster than real time: 1 as a person speaks, Infinity as fast as the client reads. */
  pace: number;
};

/**
 * Streams the bundled recording as it would be spoken. The words asked for are only checked to be there: the demo has
 * one recording and no voice.
 * @throws TrussError 400 without `text`; 500 when gathering is asked for, see below
 */
export function speak(prediction: Prediction, { recording, pace }: Speech): Answer {
  const input = v.safeParse(inputSchema, readMessage(prediction));
  if (!input.success) {
    const lines = input.issues.map(
      (issue) => `\n  \`${v.getDotPath(issue) ?? 'input'}\`: ${issue.message}.`,
    );
    throw new TrussError(400, 700, `Input Parsing Error:${lines.join('')}`);
  }
  // Truss gathers a stream into one JSON text for exactly this header, and fails because sound is no text.
  if (prediction.accept === 'application/json') assertUtf8(recording);
  return { stream: inTime(recording, pace, prediction.signal) };
}

/** Each chunk waits for its own time since the start, so that late timers don't add up. */
async function* inTime(recording: Buffer, pace: number, signal: AbortSignal) {
  const start = performance.now();
  for (let offset = 0; offset < recording.length; offset += CHUNK_BYTES) {
    const due = start + ((offset / CHUNK_BYTES) * CHUNK_MS) / pace;
    const early = due - performance.now();
    if (early > 0) await delay(early, undefined, { signal });
    yield recording.subarray(offset, offset + CHUNK_BYTES);
  }
}
