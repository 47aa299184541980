/**
 * The Demo model: a small server inside the app, so that the first Run needs no account and no network. It speaks the
 * protocol of a Truss model on Baseten, with its real status codes, error bodies and headers, and so it is also the
 * honest half of the tests' model server. Nothing in the transport knows that it is talking to it.
 *
 * A request goes: `admit` (is the caller ours?) → `readBody` (within Baseten's limit) → one of three models →
 * `sendAnswer`. *Echo* returns what it is sent, *Speak* streams the bundled recording as raw PCM in real time,
 * *Transcribe* knows what is said in that recording.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as v from 'valibot';
import type { DemoModel } from '../../contract/intent.ts';
import { admit } from './admission.ts';
import { echo } from './echo.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { speak } from './speak.ts';
import { transcribe, transcriptSchema, type Transcript } from './transcribe.ts';
import * as truss from './truss.ts';

/** Bytes: what Baseten's edge takes as a whole body. */
export const DEMO_BODY_LIMIT = 100_000_000;

/** Baseten's edge keeps idle connections about this long, so a client may use one again. Milliseconds. */
const KEEP_ALIVE = 65_000;

export type DemoServer = AsyncDisposable & {
  /** Where to post to this model. The URL holds the demo's token: not for logs, history or the page. */
  urlFor(model: DemoModel): string;
  /** Stops at once, cutting answers short. */
  close(): Promise<void>;
};

type DemoOptions = {
  /** Holds `gettysburg-24000-mono.s16le` and `transcript.json`. */
  sampleDirectory: string;
  /** How much faster than real time Speak is; 1 by default. */
  speakPace?: number;
};

type Sample = { recording: Buffer; transcript: Transcript; speakPace: number };

/** Starts the demo on a free port of 127.0.0.1. @throws when the sample's files are missing or broken */
export async function startDemo({
  sampleDirectory,
  speakPace = 1,
}: DemoOptions): Promise<DemoServer> {
  const sample: Sample = {
    recording: await readFile(join(sampleDirectory, 'gettysburg-24000-mono.s16le')),
    transcript: v.parse(
      transcriptSchema,
      JSON.parse(await readFile(join(sampleDirectory, 'transcript.json'), 'utf8')),
    ),
    speakPace,
  };
  const token = randomBytes(16).toString('hex');
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  server.on('request', (request, response) => {
    response.setHeader('x-baseten-request-id', truss.requestId());
    const admission = admit(request, { host, token });
    if ('error' in admission) truss.refuse(response, admission.status, admission.error);
    else
      void serve(request, response, (prediction) => predict(admission.model, prediction, sample));
  });

  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    urlFor: (model) => `http://${host}/${token}/${model}/predict`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function predict(model: DemoModel, prediction: truss.Prediction, sample: Sample): truss.Answer {
  switch (model) {
    case 'echo':
      return echo(prediction);
    case 'speak':
      return speak(prediction, { recording: sample.recording, pace: sample.speakPace });
    case 'transcribe':
      return transcribe(prediction, sample.transcript);
  }
}

/** One request from its body to the end of its answer. Never throws: whatever fails is answered, or the client is gone. */
async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  predict: (prediction: truss.Prediction) => truss.Answer,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  try {
    const prediction = {
      body: await readBody(request, DEMO_BODY_LIMIT),
      binary: isBinary(request.headers['content-type']),
      accept: request.headers.accept,
      signal: gone.signal,
    };
    await truss.sendAnswer(response, predict(prediction), prediction);
  } catch (error) {
    if (gone.signal.aborted || response.headersSent) response.destroy();
    else if (error instanceof BodyTooLarge) truss.refuse(response, 413, 'Request Entity Too Large');
    else truss.sendTrussError(response, asTrussError(error));
  }
}

/** Parameters and case are tolerated, as Truss does since 0.18.24. */
function isBinary(contentType = ''): boolean {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() === 'application/octet-stream';
}

/** What Truss says when a model raised something of its own. */
function asTrussError(error: unknown): truss.TrussError {
  if (error instanceof truss.TrussError) return error;
  return truss.TrussError.fromModel(500, 'Internal Server Error (in model/chainlet).');
}
