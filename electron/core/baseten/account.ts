import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { SoundpostError } from '../soundpost-error.ts';
import { createAgents, type Agents, type Route } from '../transport/agents.ts';
import { networkFailure } from '../transport/network-failure.ts';
import { isLoopback } from './endpoint.ts';

const TIME_LIMIT_MS = 10_000;

/** A user's description is a few hundred bytes; what is longer is no such thing. */
const ANSWER_LIMIT = 64 * 1024;

const userSchema = v.object({
  email: v.nullish(v.string()),
  name: v.nullish(v.string()),
  workspace_name: v.nullish(v.string()),
});

type Options = {
  key: string;
  /** Without a slash at its end. */
  managementUrl: string;
  auth?: 'api-key' | 'bearer';
  signal?: AbortSignal;
  /** The ways out of this computer, with its proxies and certificates; direct ones when absent. */
  agents?: Pick<Agents, 'routeTo'>;
};

/**
 * Asks Baseten whose key this is. `account` is shown to the user; `note` says that the key is good but limited.
 * @throws SoundpostError `unauthorized` when Baseten does not know the key; a network failure, `timed_out`, `redirected`,
 * `rate_limited`, `platform_error` or `protocol_error` when it could not be asked; `cancelled`; `invalid_target`
 */
export async function checkKey(
  options: Options,
): Promise<{ account?: string; note?: string; invokesOnly?: true }> {
  const url = new URL(`${options.managementUrl}/v1/users/me`);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    throw new SoundpostError(
      'invalid_target',
      `Your key must not travel unencrypted. Use the https address of ${url.host}.`,
    );
  }
  const { status, body } = await get(url, options);
  if (status === 403) {
    return {
      note: 'This key can run models, but may not list them or say whose it is.',
      invokesOnly: true,
    };
  }
  if (status !== 200) throw refusal(status, url.host);
  const account = accountIn(body);
  return account ? { account } : {};
}

type Answer = { status: number; body: string };

async function get(
  url: URL,
  { key, auth, signal, agents = createAgents() }: Options,
): Promise<Answer> {
  const timeLimit = AbortSignal.timeout(TIME_LIMIT_MS);
  try {
    const response = await respond(await agents.routeTo(url), {
      headers: {
        authorization: `${auth === 'bearer' ? 'Bearer' : 'Api-Key'} ${key}`,
        accept: 'application/json',
        'accept-encoding': 'identity',
      },
      signal: signal ? AbortSignal.any([signal, timeLimit]) : timeLimit,
    });
    return { status: response.statusCode ?? 0, body: await text(response, url.host) };
  } catch (error) {
    if (signal?.aborted) throw new SoundpostError('cancelled', 'Checking the key was cancelled.');
    if (timeLimit.aborted) throw timedOut(url.host);
    throw networkFailure(error, url.host, 'sent');
  }
}

type RequestOptions = { headers: Record<string, string>; signal: AbortSignal };

function respond(route: Route, options: RequestOptions): Promise<IncomingMessage> {
  const headers = { ...route.options.headers, ...options.headers, connection: 'close' };
  return new Promise((resolve, reject) => {
    // No connection is kept: a check is rare. Node follows no redirects, so the key goes nowhere else.
    const asked = route.request({ ...route.options, ...options, headers }, resolve);
    asked.on('error', reject);
    asked.end();
  });
}

async function text(response: IncomingMessage, host: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > ANSWER_LIMIT) throw unexpected(host);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Baseten calls this answer unstable, so one that reads otherwise is no reason to refuse a key that was accepted. */
function accountIn(body: string): string | null {
  try {
    const user = v.parse(userSchema, JSON.parse(body));
    return (user.workspace_name || user.email || user.name)?.slice(0, 200) ?? null;
  } catch {
    return null;
  }
}

function refusal(status: number, host: string): SoundpostError {
  if (status === 401) {
    return new SoundpostError(
      'unauthorized',
      'Baseten does not know this key, so it was not kept. Copy it again, or make a new one in your Baseten workspace.',
    );
  }
  if (status >= 300 && status < 400) {
    return new SoundpostError(
      'redirected',
      `${host} sent the check elsewhere, and the key was not sent along. If this network asks you to sign in first, do that.`,
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

function unexpected(host: string): SoundpostError {
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
