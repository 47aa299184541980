import type { IncomingMessage } from 'node:http';
import { SoundpostError } from '../soundpost-error.ts';
import { createAgents, type Agents, type Route } from '../transport/agents.ts';
import { networkFailure } from '../transport/network-failure.ts';
import { isLoopback } from './endpoint.ts';

const TIME_LIMIT_MS = 10_000;

export type ManagementAsk = {
  key: string;
  method?: 'GET' | 'POST';
  auth?: 'api-key' | 'bearer';
  signal?: AbortSignal;
  /** The most that is read of an answer, in bytes. */
  limit: number;
  /** The ways out of this computer, with its proxies and certificates; direct ones when absent. */
  agents?: Pick<Agents, 'routeTo'>;
};

/**
 * Asks an installation something small and answers what it said, whatever the status. Redirects are not followed.
 * @throws SoundpostError a network failure, `timed_out` after 10 seconds, `protocol_error` when the answer is too long,
 * `cancelled`, `invalid_target`
 */
export async function askManagement(
  url: URL,
  { key, method = 'GET', auth, signal, limit, agents = createAgents() }: ManagementAsk,
): Promise<{ status: number; body: string }> {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    throw new SoundpostError(
      'invalid_target',
      `Your key must not travel unencrypted. Use the https address of ${url.host}.`,
    );
  }
  const timeLimit = AbortSignal.timeout(TIME_LIMIT_MS);
  try {
    const response = await respond(await agents.routeTo(url), {
      method,
      headers: {
        authorization: `${auth === 'bearer' ? 'Bearer' : 'Api-Key'} ${key}`,
        accept: 'application/json',
        'accept-encoding': 'identity',
        ...(method === 'POST' ? { 'content-length': '0' } : {}),
      },
      signal: signal ? AbortSignal.any([signal, timeLimit]) : timeLimit,
    });
    return { status: response.statusCode ?? 0, body: await text(response, url.host, limit) };
  } catch (error) {
    if (signal?.aborted) throw new SoundpostError('cancelled', 'Asking Baseten was cancelled.');
    if (timeLimit.aborted) throw timedOut(url.host);
    throw networkFailure(error, url.host, 'sent');
  }
}

type RequestOptions = { method: string; headers: Record<string, string>; signal: AbortSignal };

function respond(route: Route, options: RequestOptions): Promise<IncomingMessage> {
  const headers = { ...route.options.headers, ...options.headers, connection: 'close' };
  return new Promise((resolve, reject) => {
    // No connection is kept: a question is rare. Node follows no redirects, so the key goes nowhere else.
    const asked = route.request({ ...route.options, ...options, headers }, resolve);
    asked.on('error', reject);
    asked.end();
  });
}

async function text(response: IncomingMessage, host: string, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > limit) throw unexpected(host);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What a status that is neither 200 nor about the key means. */
export function managementRefusal(status: number, host: string): SoundpostError {
  if (status >= 300 && status < 400) {
    return new SoundpostError(
      'redirected',
      `${host} sent the question elsewhere, and the key was not sent along. If this network asks you to sign in first, do that.`,
    );
  }
  if (status === 429) {
    return new SoundpostError(
      'rate_limited',
      'Baseten is asked too often at the moment. Wait a minute.',
    );
  }
  if (status >= 500) {
    return new SoundpostError(
      'platform_error',
      `Baseten failed to answer (status ${status}). Try again in a minute.`,
    );
  }
  return unexpected(host);
}

export function unexpected(host: string): SoundpostError {
  return new SoundpostError(
    'protocol_error',
    `${host} answered in a way that Soundpost does not understand. Check that it is Baseten's management API.`,
  );
}

function timedOut(host: string): SoundpostError {
  return new SoundpostError(
    'timed_out',
    `${host} did not answer within 10 seconds. Check the network connection and try again.`,
  );
}
