import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { demoModels, type DemoModel } from '../../contract/intent.ts';

type Admission = { model: DemoModel } | { status: number; error: string };

/**
 * Decides from the request's first lines alone whether the demo answers it. The port is open to every program and every
 * web page on this computer, so it serves only callers who know the path token, by this exact Host, and no page: a
 * browser puts an Origin on whatever a page posts.
 */
export function admit(
  request: IncomingMessage,
  expected: { host: string; token: string },
): Admission {
  const { headers, method, url = '' } = request;
  if (headers.host !== expected.host) return no(403, 'The demo answers only to its own address.');
  if (headers.origin !== undefined) return no(403, 'The demo does not answer web pages.');

  const [, token = '', model, action, ...rest] = url.split('/');
  const known = demoModels.find((name) => name === model);
  if (!isSame(token, expected.token) || !known || action !== 'predict' || rest.length > 0) {
    return no(404, 'There is no such model in the demo.');
  }
  if (method !== 'POST') return no(405, 'The demo takes POST requests only.');
  if (headers.authorization !== undefined || headers['x-api-key'] !== undefined) {
    return no(400, 'The demo is never sent a key. Leave the Authorization header out.');
  }
  return { model: known };
}

function no(status: number, error: string): Admission {
  return { status, error };
}

/** Takes the same time wherever the two differ. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
