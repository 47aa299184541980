import { decode, encode } from '@msgpack/msgpack';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, request, type IncomingMessage, type RequestOptions } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket as NodeSocket } from 'ws';
import { electronForSpecs, environment, launchApp, startHost, type App } from './app.ts';

type Answer = { status: number; body: string; headers: IncomingMessage['headers'] };

/** One request to 127.0.0.1, whatever `Host` says. */
function ask(port: string, options: RequestOptions, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** How an upgrade to a WebSocket went: `open`, or the status it was refused with. */
function upgrade(url: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const socket = new NodeSocket(url.replace('http:', 'ws:'), { headers, lookup: loopback });
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.on('unexpected-response', (_request, { statusCode }) => {
      resolve(String(statusCode));
    });
    socket.on('error', () => {
      resolve('refused');
    });
  });
}

const loopback: NonNullable<RequestOptions['lookup']> = (_name, options, found) => {
  if (options.all) found(null, [{ address: '127.0.0.1', family: 4 }]);
  else found(null, '127.0.0.1', 4);
};

describe.skipIf(electronForSpecs() !== null)('the web host’s door', () => {
  const cleanup = new AsyncDisposableStack();
  let url: URL;
  let cookie = '';
  let page = '';

  beforeAll(async () => {
    const home = await mkdtemp(join(tmpdir(), 'soundpost-door-'));
    cleanup.defer(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
    url = new URL((await startHost(environment(home), cleanup)).entry);
  });
  afterAll(() => cleanup.disposeAsync());

  test('a token lets one browser in, once', async () => {
    const wrong = await ask(url.port, { path: '/@web-host/enter?token=x', headers: ours() });
    expect(wrong.status).toBe(403);
    expect(wrong.headers['set-cookie']).toBeUndefined();

    const first = await ask(url.port, { path: url.pathname + url.search, headers: ours() });
    expect(first.status).toBe(200);
    const [given = ''] = first.headers['set-cookie'] ?? [];
    expect(given).toMatch(/HttpOnly/);
    expect(given).toMatch(/SameSite=Strict/);
    cookie = given.split(';')[0] ?? '';

    const second = await ask(url.port, { path: url.pathname + url.search, headers: ours() });
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test('the cookie, the right host and no other origin get the page', async () => {
    const answer = await ask(url.port, { path: '/', headers: { ...ours(), cookie } });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('/@web-host/preload.js');
    const preload = await ask(url.port, {
      path: '/@web-host/preload.js',
      headers: { ...ours(), cookie },
    });
    page = /"page":"([^"]+)"/.exec(preload.body)?.[1] ?? '';
    expect(page).not.toBe('');
  });

  test.for<[why: string, headers: () => Record<string, string>]>([
    ['no cookie', () => ours()],
    ['a wrong cookie', () => ({ ...ours(), cookie: 'soundpost=x' })],
    ['the bare address as Host', () => ({ host: `127.0.0.1:${url.port}`, cookie })],
    [
      'a name that was rebound to this computer',
      () => ({ host: `evil.example:${url.port}`, cookie }),
    ],
    ['the right name at another port', () => ({ host: `${url.hostname}:1`, cookie })],
    ['a foreign Origin', () => ({ ...ours(), cookie, origin: 'https://evil.example' })],
    ['an opaque Origin', () => ({ ...ours(), cookie, origin: 'null' })],
    ['another port’s Origin', () => ({ ...ours(), cookie, origin: `http://${url.hostname}:1` })],
    ['another site’s page', () => ({ ...ours(), cookie, 'sec-fetch-site': 'cross-site' })],
  ])('with %s there is nothing to get', async ([, headers]) => {
    for (const path of ['/', '/inputs/x', '/@web-host/preload.js', '/@web-host/page/start.ts']) {
      const { status, body } = await ask(url.port, { path, headers: headers() });
      expect(status).toBe(403);
      expect(body).not.toMatch(/script|token|@web-host/);
    }
    const put = { method: 'PUT', path: '/@web-host/uploads/x.1?name=y', headers: headers() };
    expect((await ask(url.port, put, 'bytes')).status).toBe(403);
    const socket = `${url.origin}/@web-host/socket?page=${page}`;
    expect(await upgrade(socket, { origin: url.origin, ...headers() })).not.toBe('open');
  });

  test('what changes something must say that our own page asks', async () => {
    const put = { method: 'PUT', path: '/@web-host/uploads/x.1?name=y' };
    expect((await ask(url.port, { ...put, headers: { ...ours(), cookie } }, 'a')).status).toBe(403);
    const socket = `${url.origin}/@web-host/socket?page=${page}`;
    expect(await upgrade(socket, { cookie })).toBe('403');
  });

  test('a WebSocket opens only for a page that this host served', async () => {
    const headers = { cookie, origin: url.origin };
    expect(await upgrade(`${url.origin}/@web-host/socket?page=forged`, headers)).toBe('403');
    expect(await upgrade(`${url.origin}/elsewhere?page=${page}`, headers)).toBe('403');
    expect(await upgrade(`${url.origin}/@web-host/socket?page=${page}`, headers)).toBe('open');
  });

  test('an upload needs a ticket that was issued', async () => {
    const headers = { ...ours(), cookie, origin: url.origin };
    for (const ticket of ['x.1', `${page}.1`, '..%2f..%2fx', '.1', '']) {
      const put = { method: 'PUT', path: `/@web-host/uploads/${ticket}?name=y`, headers };
      expect((await ask(url.port, put, 'bytes')).status).toBe(403);
    }
  });

  test.for([
    '/@web-host/page/../host.ts',
    '/@web-host/page/%2e%2e/host.ts',
    '/@web-host/page/..%2fhost.ts',
    '/@web-host/msgpack/../package.json',
    '/@web-host/downloads/x',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/main/main.js',
    '//evil.example/',
  ])('%s names no file', async (path) => {
    const { status } = await ask(url.port, { path, headers: { ...ours(), cookie } });
    expect([403, 404]).toContain(status);
  });

  test('nobody but this computer is answered', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((entries) => entries ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4');
    if (!outside) return;
    await expect(
      new Promise((resolve, reject) => {
        get({ host: outside.address, port: url.port, headers: ours() }, resolve).on(
          'error',
          reject,
        );
      }),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  const ours = (): Record<string, string> => ({ host: url.host });
});

describe('a script in the page', () => {
  let app: App;
  beforeAll(async () => {
    app = await launchApp();
  });
  afterAll(() => app.stop());

  test('reaches the bridge and nothing of Electron', async () => {
    const found = await app.page.evaluate(() => ({
      bridge: Object.keys(Reflect.get(window, 'soundpost') as object).sort(),
      leaks: ['require', 'process', 'module', 'electron', 'Buffer'].filter(
        (name) => name in window,
      ),
    }));
    expect(found).toEqual({ bridge: ['admit', 'on', 'request'], leaks: [] });
  });

  test('can’t read the cookie', async () => {
    expect(await app.page.evaluate(() => document.cookie)).toBe('');
  });

  test('can’t navigate, not even to our own origin', async () => {
    for (const to of ['https://example.com/', '/other', 'about:blank', 'data:text/html,x']) {
      await app.page.evaluate((url) => {
        location.href = url;
      }, to);
      await app.page.evaluate((url) => {
        const anchor = document.createElement('a');
        anchor.href = url;
        anchor.click();
      }, to);
    }
    await app.page.waitForTimeout(300);
    expect(app.page.url()).toBe(app.url);
    expect(await app.page.evaluate(() => 'soundpost' in window)).toBe(true);
  });

  test('can’t open a window, by call or by link', async () => {
    const opened = await app.page.evaluate(() => {
      const anchor = document.createElement('a');
      anchor.href = 'https://example.com/';
      anchor.target = '_blank';
      anchor.click();
      return window.open('https://example.com/') !== null;
    });
    await app.page.waitForTimeout(300);
    expect(opened).toBe(false);
    expect(app.page.context().pages()).toHaveLength(1);
  });

  test.for(['constructor', '__proto__', 'toString', 'app.quit', 'soundpost:admit', ''])(
    'is told that there is no request %s',
    async (route) => {
      const answer = await app.page.evaluate(
        (name) => window.soundpost.request(name as 'app.state', {}),
        route,
      );
      expect(answer).toMatchObject({ ok: false, failure: { code: 'invalid_request' } });
    },
  );

  test('can’t name a file that the user did not hand over', async () => {
    const answer = await app.page.evaluate(() =>
      window.soundpost.admit(['/etc/passwd', { name: 'passwd', path: '/etc/passwd' }, null]),
    );
    expect(answer).toMatchObject({ ok: true, data: { taken: [] } });
  });

  test.skipIf(electronForSpecs() !== null)(
    'gets nothing for a forged ticket or a path',
    async () => {
      // What the preload does, without it: a page of its own on the host's socket, and a message made by hand.
      const paths = ['/etc/passwd', 'x.1', '../../etc/passwd', 'file:///etc/passwd'];
      const files = paths.map((path) => ({ name: 'x', path }));
      const message = encode({ type: 'invoke', id: 1, channel: 'soundpost:admit', args: [files] });
      const received = await app.page.evaluate(
        async (bytes) => {
          const preload = await (await fetch('/@web-host/preload.js')).text();
          const page = /"page":"([^"]+)"/.exec(preload)?.[1] ?? '';
          const socket = new WebSocket(`/@web-host/socket?page=${page}`);
          socket.binaryType = 'arraybuffer';
          return new Promise<number[]>((resolve) => {
            socket.onopen = () => {
              socket.send(Uint8Array.from(bytes));
            };
            socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
              resolve([...new Uint8Array(data)]);
            };
          });
        },
        [...message],
      );
      const answer = decode(Uint8Array.from(received));
      const refusal = { failure: { code: 'file_unreadable' } };
      expect(answer).toMatchObject({
        type: 'answer',
        value: { ok: true, data: { taken: [], refused: [refusal, refusal, refusal, refusal] } },
      });
    },
  );
});
