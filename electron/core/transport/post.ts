import type { ClientRequest } from 'node:http';
import type { Timings } from '../../contract/run.ts';
import type { RequestBody } from '../codec/request-body.ts';
import { hasErrorCode } from '../soundpost-error.ts';
import type { Agents, Route } from './agents.ts';
import { AnswerBody } from './answer-body.ts';
import { answerOf, type Answer, type Arrived, type Exchange } from './answer.ts';
import { Deadline, seconds, type Deadlines } from './deadline.ts';
import { networkFailure } from './network-failure.ts';
import { proxyUnreachable } from './proxy.ts';
import { upload } from './upload.ts';

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

/** Nothing can have been processed, and the next connection may be better: one that is not stale, or is trusted. */
class TryAnother extends Error {}

/**
 * Sends one POST and resolves at the answer's head. Redirects are not followed: they would carry the key elsewhere.
 * @throws SoundpostError by cause; the signal's reason when it was aborted
 */
export async function post(options: PostOptions): Promise<Answer> {
  for (;;) {
    try {
      return await exchange(options);
    } catch (error) {
      // Ends: each time a kept connection is used up, or the system's certificates have been added.
      if (!(error instanceof TryAnother)) throw error;
    }
  }
}

async function exchange(options: PostOptions): Promise<Answer> {
  const { url, agents, deadlines, onProgress, mark } = options;
  const deadline = new Deadline();
  const signal = AbortSignal.any([options.signal, deadline.signal]);
  signal.throwIfAborted();
  let offered = 0;
  let sent = 0;
  let isConnected = false;
  let response: Arrived | null = null;

  onProgress('connecting', 0);
  deadline.set(
    deadlines.connect,
    `No connection to ${url.host} within ${seconds(deadlines.connect)}, so nothing was sent. Check the network and the URL.`,
    { why: 'unreachable' },
  );
  const route = await orAborted(agents.routeTo(url), signal).catch((error: unknown) => {
    deadline.clear();
    throw error;
  });
  const request = start(route, options, signal);
  const state: Exchange = { request, isUploaded: false, uploadFailure: null, broken: null };
  const answered = new Promise<Arrived>((resolve, reject) => {
    request.once('response', (message) => {
      response = { message, body: new AnswerBody(message) };
      resolve(response);
    });
    request.on('error', (error) => {
      state.broken = error;
      reject(error);
    });
    // Node closes a connection that was upgraded unasked, and says nothing else of it.
    request.once('close', () => {
      reject(new Error('The connection closed before an answer came.'));
    });
  });
  answered.catch(() => undefined);

  try {
    await connected(request, answered);
    isConnected = true;
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
      onSend: (bytes) => (offered += bytes),
      onSent: uploading,
    }).then(
      (isWhole) => {
        state.isUploaded = isWhole;
      },
      (error: unknown) => {
        // Before an answer the race below sees it; after one it ends the answer.
        state.uploadFailure = { error };
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
    return answerOf(incoming, state, () => sent, { ...options, deadline, signal });
  } catch (error) {
    deadline.clear();
    request.destroy();
    if (signal.aborted) throw signal.reason;
    const isStale = request.reusedSocket && hasErrorCode(error, 'ECONNRESET', 'EPIPE');
    // Without its last byte no server takes the request for whole; with it, it may have been at work, and that costs.
    if (isStale && offered < options.body.length) throw new TryAnother();
    if (!isConnected && agents.addTrust(error)) throw new TryAnother();
    if (!isConnected && route.asks) throw proxyUnreachable(error, route.asks);
    throw networkFailure(error, url.host, isConnected ? 'sent' : 'unsent');
  }
}

/** Settles as `work` does, or at once with the reason when the signal is aborted. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

function start(
  { request: open, options }: Route,
  { headers, body }: PostOptions,
  signal: AbortSignal,
): ClientRequest {
  const request = open({
    ...options,
    method: 'POST',
    headers: {
      ...options.headers,
      ...headers,
      'content-type': body.contentType,
      'content-length': body.length,
      // Never application/json: Truss would gather a stream and answer it as one JSON text.
      accept: '*/*',
      // A truncated compressed answer is easily taken for a whole one, and sound does not compress.
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
      if (socket.connecting) {
        socket.once('encrypted' in socket ? 'secureConnect' : 'connect', resolve);
      } else {
        // A server's goodbye that has come already is noticed in the next round, before anything is sent.
        setImmediate(resolve);
      }
    });
  });
}
