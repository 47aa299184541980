import { createServer, type RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { SoundpostError } from '../soundpost-error.ts';
import { checkKey } from './account.ts';

const KEY = 'abcd1234.SECRET5678';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A management API on this computer. */
async function api(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

async function failureOf(call: Promise<unknown>): Promise<SoundpostError> {
  const error: unknown = await call.then(
    (value) => new Error(`resolved with ${inspect(value)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SoundpostError)) throw error;
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(KEY);
  return error;
}

const answering =
  (status: number, body: string | Buffer, headers = {}): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

describe('checking a key with Baseten', () => {
  it('names the workspace the key belongs to', async () => {
    const seen: unknown[] = [];
    const managementUrl = await api((request, response) => {
      seen.push(request.method, request.url, request.headers.authorization);
      response.end(
        JSON.stringify({
          user_id: '1',
          email: 'ada@example.com',
          name: 'Ada',
          workspace_name: 'Engines',
        }),
      );
    });

    expect(await checkKey({ key: KEY, managementUrl })).toEqual({ account: 'Engines' });
    expect(seen).toEqual(['GET', '/v1/users/me', `Api-Key ${KEY}`]);
  });

  it('sends the other spelling of the header when asked to', async () => {
    let seen: unknown;
    const managementUrl = await api((request, response) => {
      seen = request.headers.authorization;
      response.end('{}');
    });
    await checkKey({ key: KEY, managementUrl, auth: 'bearer' });
    expect(seen).toBe(`Bearer ${KEY}`);
  });

  it('accepts a key that may not list, with a note', async () => {
    const managementUrl = await api(answering(403, '{"error":"forbidden"}'));
    const { account, note } = await checkKey({ key: KEY, managementUrl });
    expect(account).toBeUndefined();
    expect(note).toContain('can run models');
  });

  it.each(['', '{}', 'hello', '{"workspace_name": 5}', '[]'])(
    'accepts a key whose owner it cannot read in %j',
    async (body) => {
      const managementUrl = await api(answering(200, body));
      expect(await checkKey({ key: KEY, managementUrl })).toEqual({});
    },
  );

  it.each([
    [401, 'unauthorized'],
    [302, 'redirected'],
    [307, 'redirected'],
    [404, 'protocol_error'],
    [429, 'rate_limited'],
    [500, 'platform_error'],
    [503, 'platform_error'],
  ])('answers status %i with %s', async (status, code) => {
    const headers = { location: 'http://127.0.0.1:1/elsewhere' };
    const managementUrl = await api(answering(status, `{"error":"${KEY}"}`, headers));
    expect((await failureOf(checkKey({ key: KEY, managementUrl }))).code).toBe(code);
  });

  it('does not read an answer without end', async () => {
    const managementUrl = await api((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384, ' ')));
      };
      response.on('drain', more);
      more();
    });
    expect((await failureOf(checkKey({ key: KEY, managementUrl }))).code).toBe('protocol_error');
  });

  it('says so when nothing answers there', async () => {
    expect(
      (await failureOf(checkKey({ key: KEY, managementUrl: 'http://127.0.0.1:1' }))).code,
    ).toBe('connection_refused');
  });

  it('says so when the connection is lost', async () => {
    const managementUrl = await api((request) => {
      request.socket.destroy();
    });
    expect((await failureOf(checkKey({ key: KEY, managementUrl }))).code).toBe('connection_lost');
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const managementUrl = await api(() => {
      controller.abort();
    });
    const { signal } = controller;
    expect((await failureOf(checkKey({ key: KEY, managementUrl, signal }))).code).toBe('cancelled');
  });

  it('gives up on a server that never answers', async () => {
    const managementUrl = await api(() => undefined);
    expect((await failureOf(checkKey({ key: KEY, managementUrl }))).code).toBe('timed_out');
  });

  it('does not send the key unencrypted to another computer', async () => {
    const managementUrl = 'http://api.baseten.example';
    expect((await failureOf(checkKey({ key: KEY, managementUrl }))).code).toBe('invalid_target');
  });
});
