import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Timings } from '../../contract/run.ts';
import type { RequestBody } from '../codec/request-body.ts';
import { AnswerBody } from './answer-body.ts';
import type { AnswerSink } from './answer-file.ts';
import { Deadline, type Deadlines } from './deadline.ts';
import { networkFailure } from './network-failure.ts';
import { upload } from './upload.ts';

/** Connections that are kept for the next run. Idle ones go after 25 s, before Baseten's edge would close them (60 s). */
export type Agents = { http: HttpAgent; https: HttpsAgent; close(): void };

export function createAgents(): Agents {
  const options = { keepAlive: true, timeout: 25_000, scheduling: 'lifo' } as const;
  const http = new HttpAgent(options);
  const https = new HttpsAgent(options);
  return {
    http,
    https,
    close: () => {
      http.destroy();
      https.destroy();
    },
  };
}

export type PostOptions = {
  url: URL;
  headers: Record<string, string>;
  body: RequestBody;
  agents: Agents;
  deadlines: Deadlines;
  /** The user's: aborting it ends the exchange in whatever state it is. */
  signal: AbortSignal;
  onProgress: (phase: 'connecting' | 'uploading' | 'waiting' | 'receiving', sent: number) => void;
  mark: (name: Exclude<keyof Timings, 'total'>) => void;
};

/** A server's answer, its head here and its body still on the way. */
export type Answer = {
  status: number;
  statusText: string;
  headers: [name: string, value: string][];
  /** The value of a header, by its lower-case name. */
  header(name: string): string | undefined;
  sent: number;
  /** Brings the body to disk. What came before a failure is in the file too. @throws SoundpostError, the signal's reason */
  receive(file: AnswerSink, onReceived: () => void): Promise<void>;
  /** Gives the answer up without receiving it. */
  discard(): void;
};

/**
 * Sends one POST and resolves at the answer's head. Redirects are not followed: they would carry the key elsewhere.
 * @throws SoundpostError by cause; the signal's reason when it was aborted
 */
export async function post(options: PostOptions): Promise<Answer> {
  const { url, deadlines, onProgress, mark } = options;
  const deadline = new Deadline();
  const signal = AbortSignal.any([options.signal, deadline.signal]);
  signal.throwIfAborted();
  let sent = 0;
  let response: Arrived | null = null;

  onProgress('connecting', 0);
  deadline.set(
    deadlines.connect,
    `No connection to ${url.host} within ${seconds(deadlines.connect)}. Check the network and try again.`,
  );
  const request = start(options, signal);
  const answered = new Promise<Arrived>((resolve, reject) => {
    request.once('response', (message) => {
      response = { message, body: new AnswerBody(message) };
      resolve(response);
    });
    request.on('error', reject);
    // Node closes a connection that was upgraded unasked, and says nothing else of it.
    request.once('close', () => {
      reject(new Error('The connection closed before an answer came.'));
    });
  });
  answered.catch(() => undefined);
  const exchange: Exchange = { request, isUploaded: false, uploadFailure: null };

  try {
    await connected(request, answered);
    mark('connected');
    const uploading = (bytes: number): void => {
      sent += bytes;
      // A server may answer while it still reads; from then on the answer's progress counts.
      if (response !== null) return;
      deadline.set(
        deadlines.uploadStall,
        `${url.host} stopped reading the upload for ${seconds(deadlines.uploadStall)}. Try again.`,
      );
      onProgress('uploading', sent);
    };
    uploading(0);
    const uploadDone = upload(request, options.body.pieces, {
      signal,
      isRefused: () => response !== null && (response.message.statusCode ?? 0) >= 300,
      onSent: uploading,
    }).then(
      (isWhole) => {
        exchange.isUploaded = isWhole;
      },
      (error: unknown) => {
        // Before an answer the race below sees it; after one it ends the answer.
        exchange.uploadFailure = { error };
        if (response !== null) request.destroy();
        throw error;
      },
    );
    uploadDone.catch(() => undefined);
    await Promise.race([uploadDone, answered]);
    mark('uploaded');
    onProgress('waiting', sent);
    deadline.set(
      deadlines.firstByte,
      `The model gave no answer within ${seconds(deadlines.firstByte)}. Its logs say whether it is still at work.`,
    );
    const incoming = await Promise.race([answered, uploadDone.then(() => answered)]);
    mark('firstByte');
    return answerOf(incoming, exchange, () => sent, { ...options, signal }, deadline);
  } catch (error) {
    deadline.clear();
    request.destroy();
    if (signal.aborted) throw signal.reason;
    throw networkFailure(error, url.host, false);
  }
}

function start({ url, headers, body, agents }: PostOptions, signal: AbortSignal): ClientRequest {
  const isSecure = url.protocol === 'https:';
  const request = (isSecure ? httpsRequest : httpRequest)(url, {
    method: 'POST',
    agent: isSecure ? agents.https : agents.http,
    headers: {
      ...headers,
      'content-type': body.contentType,
      'content-length': body.length,
      // Never application/json: Truss would gather a stream and answer it as one JSON text.
      accept: '*/*',
      // A truncated compressed answer can't be told from a whole one, and sound does not compress.
      'accept-encoding': 'identity',
    },
  });
  const abort = (): void => {
    request.destroy(signal.reason instanceof Error ? signal.reason : undefined);
  };
  signal.addEventListener('abort', abort, { once: true });
  request.once('close', () => {
    signal.removeEventListener('abort', abort);
  });
  request.setNoDelay(true);
  return request;
}

/** Resolves when bytes can flow; a connection that was kept from an earlier run is ready at once. */
function connected(request: ClientRequest, answered: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    answered.then(() => {
      resolve();
    }, reject);
    request.once('socket', (socket) => {
      // A kept connection must gather no listeners run after run.
      if (socket.connecting)
        socket.once('encrypted' in socket ? 'secureConnect' : 'connect', resolve);
      else resolve();
    });
  });
}

type Arrived = { message: IncomingMessage; body: AnswerBody };

/** The sending half, which may still be at work when the answer comes. */
type Exchange = {
  request: ClientRequest;
  isUploaded: boolean;
  uploadFailure: { error: unknown } | null;
};

function answerOf(
  { message, body }: Arrived,
  exchange: Exchange,
  sent: () => number,
  { url, deadlines, signal, onProgress, mark }: PostOptions,
  deadline: Deadline,
): Answer {
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    headers.push([message.rawHeaders[index] ?? '', message.rawHeaders[index + 1] ?? '']);
  }
  const end = (): void => {
    deadline.clear();
    // On a connection whose request was not sent to its end, the next request would be read as the rest of this one.
    if (!exchange.isUploaded) exchange.request.destroy();
  };
  return {
    status: message.statusCode ?? 0,
    statusText: message.statusMessage ?? '',
    headers,
    header: (name) => headers.find(([key]) => key.toLowerCase() === name)?.[1],
    get sent() {
      return sent();
    },
    async receive(file, onReceived) {
      const idle = (): void => {
        deadline.set(
          deadlines.idle,
          `The answer stopped for ${seconds(deadlines.idle)}. What had come is kept; the model’s logs may say why.`,
        );
      };
      onProgress('receiving', sent());
      idle();
      try {
        for (let chunks; (chunks = await body.next()) !== null;) {
          for (const chunk of chunks) await file.take(chunk);
          idle();
          onReceived();
        }
        signal.throwIfAborted();
        mark('received');
      } catch (error) {
        message.destroy();
        if (signal.aborted) throw signal.reason;
        throw networkFailure(exchange.uploadFailure?.error ?? error, url.host, true);
      } finally {
        end();
      }
    },
    discard() {
      message.destroy();
      end();
    },
  };
}

const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 1000)} s`;
