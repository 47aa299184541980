import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Intent } from '../../electron/contract/intent.ts';
import { answerMsgpack } from '../../electron/core/testing/model-answers.ts';
import { startModelServer, type ModelServer } from '../../electron/core/testing/model-server.ts';
import { electronForSpecs, launchApp, type App } from '../app.ts';
import { closedNetwork } from '../browser.ts';
import { breakouts } from './breakouts.ts';

// A stranger's script has got into our own page. It has the bridge, as our page has, and the user answers no question with yes.

const key = 'abcd1234.s3cretS3cret';
let app: App;
let evil: ModelServer;
/** Every question that the user was asked. */
const asked: string[] = [];

beforeAll(async () => {
  evil = await startModelServer();
  evil.answer('/predict', answerMsgpack({ a: 1 }));
  app = await launchApp({ env: { BASETEN_API_KEY: key, DISPLAY: undefined } });
});
afterAll(async () => {
  await app.stop();
  await evil[Symbol.asyncDispose]();
});

type Answer = { ok: boolean; data?: unknown; failure?: { code: string } };

/** Asks over the bridge; the user presses Escape whenever there is a question. */
async function ask(...all: unknown[]): Promise<Answer> {
  const { page } = app;
  const text = JSON.stringify(all);
  const answer = page.evaluate(
    (json) =>
      (window.soundpost.request as (...args: unknown[]) => unknown)(
        ...(JSON.parse(json) as unknown[]),
      ),
    text,
  ) as Promise<Answer>;
  const question = page.locator('.web-host-dialog');
  for (;;) {
    const there = question.waitFor({ timeout: 10_000 }).then(
      () => null,
      () => undefined,
    );
    const first = await Promise.race([answer, there]);
    if (first !== null) return answer;
    asked.push(await question.innerText());
    await page.keyboard.press('Escape');
  }
}

/** The code of a refusal, or of a run that failed. */
async function codeOf(...all: unknown[]): Promise<string | undefined> {
  const { ok, failure, data } = await ask(...all);
  if (!ok) return failure?.code;
  return (data as { failure?: { code: string } } | null)?.failure?.code ?? 'ok';
}

const intent = (change: Partial<Record<keyof Intent, unknown>>): object => ({
  ...{ target: { kind: 'demo', model: 'echo' }, auth: 'api-key', body: 'json', answer: 'auto' },
  fields: [],
  ...change,
});
const run = (change: Partial<Record<keyof Intent, unknown>>, more: object = {}): unknown[] => [
  'run.start',
  { runId: `h${(runs += 1)}`, intent: intent(change), ...more },
];
let runs = 0;
const to = (url: string): unknown[] => run({ target: { kind: 'url', url } });
const file = (inputId: string): unknown[] =>
  run({ fields: [{ name: 'f', value: { type: 'file', inputId } }] });
const model = (change: object): unknown[] =>
  run({ target: { kind: 'model', modelId: 'abc', deployment: { kind: 'production' }, ...change } });
const preset = {
  ...{ name: 'a', auth: 'api-key', body: 'json', answer: 'auto', fields: [] },
  target: { kind: 'model', modelId: 'a', deployment: { kind: 'production' } },
};
// `__proto__` itself is among what the fuzzer sends: it can't be written down here for the page to read.
const polluting = { constructor: { prototype: { isAdmin: true } } };

describe('a stranger’s script in our page, over the bridge', () => {
  test.for<[tries: string, code: string, request: () => unknown[]]>([
    ['to send a file by its path', 'invalid_request', () => file('/etc/passwd')],
    ['to send a file by a path as an id', 'invalid_request', () => file('..%2f..%2fetc%2fpasswd')],
    ['to send a file under an id it made up', 'unknown_input', () => file('0-0-0')],
    ['to send what has the id of a run', 'unknown_input', () => file('h1')],
    ['to read a run by a path', 'invalid_request', () => ['history.get', { runId: '../../x' }]],
    ['to read a run by a NUL', 'invalid_request', () => ['history.get', { runId: 'a\u0000/x' }]],
    ['to read a run that is not', 'file_unreadable', () => ['history.get', { runId: 'nothing' }]],
    [
      'to copy a run that is not',
      'file_unreadable',
      () => ['run.copy', { runId: 'x', as: 'curl' }],
    ],
    [
      'to show a folder by its path',
      'invalid_request',
      () => ['settings.showFolder', { which: '/etc' }],
    ],
    [
      'to show the folder of a path',
      'invalid_request',
      () => ['run.showInFolder', { runId: '..' }],
    ],
    [
      'to save a part over a file',
      'invalid_request',
      () => ['part.save', { runId: 'h1', part: '../../.bashrc', as: 'received' }],
    ],
    [
      'to save a part to a place of its own',
      'invalid_request',
      () => ['part.save', { runId: 'h1', part: 'x', as: 'received', to: '/tmp/x' }],
    ],
    [
      'to import presets from a path',
      'invalid_request',
      () => ['presets.importFile', { inputId: '/etc/passwd' }],
    ],
    [
      'to import what is no preset',
      'invalid_request',
      () => ['presets.import', { text: '{"__proto__":{"isAdmin":true}}' }],
    ],
    [
      'to keep a preset with a path in it',
      'invalid_request',
      () => ['preset.create', { preset: { ...preset, path: '/etc/passwd' } }],
    ],
    [
      'to change what all objects inherit, by a preset',
      'invalid_request',
      () => ['preset.create', { preset: { ...preset, fields: [polluting] } }],
    ],
    [
      'to change what all objects inherit, by a setting',
      'invalid_request',
      () => ['settings.change', { shortcuts: { __PROTO__: ['KeyA'] } }],
    ],
    [
      'to have answers saved anywhere',
      'invalid_request',
      () => ['settings.change', { outputFolder: '/etc/cron.d' }],
    ],
    [
      'to have answers saved above their folder',
      'invalid_request',
      () => ['settings.change', { nameTemplate: '../../.bashrc' }],
    ],
    [
      'to have one answer saved above their folder',
      'invalid_request',
      () => run({}, { save: { template: 'a/../../.bashrc' } }),
    ],
    [
      'to have answers saved in the home folder',
      'invalid_request',
      () => ['settings.change', { nameTemplate: '~/.config/autostart/x' }],
    ],
    [
      'to trust its own certificates',
      'invalid_request',
      () => ['settings.change', { caFile: '/tmp/evil.pem' }],
    ],
    [
      'to allow its host in the new way',
      'invalid_request',
      () => ['settings.change', { approvedHosts: [{ origin: evil.url, key: null }] }],
    ],
    [
      'to allow its host in the old way',
      'invalid_request',
      () => ['settings.change', { approvedOrigins: [evil.url] }],
    ],
    [
      'to be the proxy',
      'cancelled',
      () => ['settings.change', { proxy: { kind: 'fixed', url: evil.url } }],
    ],
    [
      'to put a password into the settings',
      'invalid_request',
      () => ['settings.change', { proxy: { kind: 'fixed', url: 'http://a:b@127.0.0.1:1' } }],
    ],
    ['to have the key sent to its host', 'host_not_approved', () => to(`${evil.url}/predict`)],
    [
      'to hide its host behind a name and password',
      'invalid_target',
      () => to(`http://api.baseten.co:x@${new URL(evil.url).host}/predict`),
    ],
    [
      'to hide its host behind backslashes',
      'host_not_approved',
      () => to(`http:\\\\${new URL(evil.url).host}\\predict`),
    ],
    [
      'to write its host as a number',
      'host_not_approved',
      () => to(`http://2130706433:${new URL(evil.url).port}/predict`),
    ],
    [
      'to write its host as IPv6',
      'invalid_target',
      () => to(`http://[::ffff:127.0.0.1]:${new URL(evil.url).port}/predict`),
    ],
    [
      'to pass for Baseten by a longer name',
      'host_not_approved',
      () => to('https://model-abc.api.baseten.co.evil.example/predict'),
    ],
    [
      'to pass for Baseten by letters that look alike',
      'host_not_approved',
      () => to('https://model-abc.api.bаseten.co/predict'),
    ],
    [
      'to have the key sent to Baseten in the clear',
      'invalid_target',
      () => to('http://model-abc.api.baseten.co/predict'),
    ],
    ['to read a file as an address', 'invalid_target', () => to('file:///etc/passwd')],
    ['to run a script as an address', 'invalid_target', () => to('javascript:alert(1)')],
    [
      'to put its host into a model’s id',
      'invalid_request',
      () => model({ modelId: `x@${new URL(evil.url).host}/` }),
    ],
    [
      'to climb out of a deployment by its name',
      'invalid_request',
      () => model({ deployment: { kind: 'environment', name: '../../../x' } }),
    ],
    [
      'to climb out of a deployment by the path',
      'invalid_request',
      () => model({ path: 'sync/%2e%2e/%2e%2e/x' }),
    ],
    [
      'to break into the headers by the path',
      'invalid_request',
      () => model({ path: 'x\r\nX-Evil: 1' }),
    ],
    [
      'to run with a key of a name that all objects have',
      'key_missing',
      () =>
        run({
          target: { kind: 'model', modelId: 'a', deployment: { kind: 'production' } },
          keyName: 'constructor',
        }),
    ],
    [
      'to have a key checked at its host',
      'host_not_approved',
      () => [
        'keys.add',
        {
          key: 'abcd1234.evilevil',
          installation: { management: evil.url, inference: `${evil.url}/model-{id}` },
        },
      ],
    ],
    [
      'to give a key all hosts there are',
      'invalid_target',
      () => [
        'keys.add',
        {
          key: 'abcd1234.evilevil',
          installation: { management: 'https://a.example', inference: 'https://{id}.com' },
        },
      ],
    ],
    [
      'to take the place of the key',
      'invalid_request',
      () => ['key.set', { key: 'abcd1234.evilevil', keep: 'session' }],
    ],
    [
      'to keep a key by a token it made up',
      'invalid_request',
      () => ['request.keepKey', { token: 'x', keep: 'session' }],
    ],
    ['to use a key that is not', 'invalid_request', () => ['keys.use', { id: '__proto__' }]],
    [
      'to take a starter by a path',
      'invalid_request',
      () => ['starter.add', { id: '../x', modelId: 'a', deployment: { kind: 'production' } }],
    ],
    [
      'to open an address',
      'invalid_request',
      () => ['shell.openExternal', { url: 'file:///etc/passwd' }],
    ],
    ['to read the clipboard', 'invalid_request', () => ['clipboard.read', {}]],
    [
      'to reach another channel',
      'invalid_request',
      () => ['soundpost:admit', [{ name: 'x', path: '/etc/passwd' }]],
    ],
    ['to reach what all objects have', 'invalid_request', () => ['constructor', {}]],
    ['to ask nothing', 'invalid_request', () => []],
    ['to ask for a route and no more', 'invalid_request', () => ['run.cancel']],
    ['to ask for a list of routes', 'invalid_request', () => [['app.state'], {}]],
  ])('tries %s, and is refused: %s', async ([, code, request]) => {
    expect(await codeOf(...request())).toBe(code);
    expect(evil.requests).toEqual([]);
  });

  test('was seen through by the user, who was asked by the true names', () => {
    const { host } = new URL(evil.url);
    expect(asked).toEqual(
      expect.arrayContaining([expect.stringContaining(`Send everything through ${host}?`)]),
    );
    expect(asked.join('\n')).toMatch(/to model-abc\.api\.xn--bseten-\w+\.co\?/);
    expect(asked.join('\n')).toContain('to model-abc.api.baseten.co.evil.example?');
    expect(asked.join('\n')).not.toContain(key);
  });

  test('gives an answer no name that leads out of its folder, or that is hidden there', async () => {
    for (const template of [
      '.bashrc',
      '.config/autostart/evil',
      '...',
      'a/.ssh/authorized_keys',
      '{input}',
    ]) {
      const { data } = await ask('settings.previewName', { template });
      const { name = '', problem } = data as { name?: string; problem?: string };
      if (problem === undefined)
        expect(name.split('/').filter((part) => /^\.|^$/.test(part))).toEqual([]);
    }
  });

  test('buries the user under no dialogs: one is open at a time, and ten in a while at most', async () => {
    // One of its own: only so many questions are asked in a while, and the tries above have had theirs.
    await using own = await launchApp({ env: { BASETEN_API_KEY: key } });
    const { page } = own;
    const answers = page.evaluate(() =>
      Promise.all(
        Array.from({ length: 60 }, (_, at) =>
          window.soundpost.request('run.start', {
            runId: `flood${at}`,
            intent: {
              ...{ target: { kind: 'url', url: `https://h${at}.example/` }, auth: 'api-key' },
              ...{ body: 'json', answer: 'auto', fields: [] },
            },
          }),
        ),
      ),
    );
    const over = new AbortController();
    const said = answers.finally(() => {
      over.abort();
    });
    const question = page.locator('.web-host-dialog');
    await question.first().waitFor();
    const open: number[] = [];
    // A busy machine brings some of them later, when the one before is answered.
    while (!over.signal.aborted) {
      open.push(await question.count());
      await page.keyboard.press('Escape');
    }
    expect(Math.max(...open)).toBe(1);
    const codes = (await said).map((answer) => answer.ok && answer.data.failure?.code);
    const asked = codes.filter((code) => code === 'host_not_approved').length;
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(10);
    expect(codes.filter((code) => code === 'invalid_request')).toHaveLength(60 - asked);
  });

  test('breaks into no header by a field’s name, and gets no key without the user', async () => {
    await using own = await launchApp({ env: { BASETEN_API_KEY: key } });
    const { page } = own;
    const answer = page.evaluate(
      (url) =>
        window.soundpost.request('run.start', {
          runId: 'headers',
          intent: {
            ...{ target: { kind: 'url', url }, auth: 'api-key', body: 'multipart', answer: 'auto' },
            fields: [{ name: 'a"\r\nX-Evil: 1\r\n\r\n', value: { type: 'text', text: 'x' } }],
          },
        }),
      `${evil.url}/predict`,
    );
    await page.getByRole('button', { name: 'Run without the key' }).click();
    expect(await answer).toMatchObject({ ok: true });
    const [sent] = evil.requests;
    expect(sent?.headers).not.toHaveProperty('x-evil');
    expect(sent?.headers).not.toHaveProperty('authorization');
    expect(Buffer.from(sent?.body ?? []).toString('latin1')).toContain(
      'name="a%22%0D%0AX-Evil: 1%0D%0A%0D%0A"\r\n\r\nx\r\n',
    );
  });
});

describe('a stranger’s script in our page, by the means of a browser', () => {
  test.for([
    ...['/inputs/..%2f..%2f..%2fetc%2fpasswd', '/inputs/%252e%252e%252fetc%252fpasswd'],
    ...['/inputs/..%5c..%5cetc', '/inputs/%00', '/inputs/__proto__', '/inputs/constructor'],
    ...[
      '/runs/..%2f..%2fx/0',
      '/runs/h1/..%2frun.json',
      '/runs/h1/__proto__',
      '/runs/%2fetc%2fpasswd/0',
    ],
    ...[
      '/%2e%2e/main/main.js',
      '/..%2f..%2fpackage.json',
      '/%252e%252e/package.json',
      '/..%5cmain%5cmain.js',
    ],
  ])('reads nothing at %s, and puts nothing there', async (path) => {
    const statuses = await app.page.evaluate(async (to) => {
      const put = {
        method: 'PUT',
        headers: { 'upload-offset': to.includes('%') ? '0' : '1', 'upload-complete': '?1' },
        body: 'x',
      };
      const answers = await Promise.all(
        [fetch(to), fetch(to, put)].map((one) => one.catch(() => null)),
      );
      return answers.map((answer) => answer?.status ?? 0);
    }, path);
    for (const status of statuses) expect([0, 400, 403, 404]).toContain(status);
  });

  test('gets out by none of the ways a browser has, and runs no text', async () => {
    await using sink = await startSink();
    const results = await app.page.evaluate(breakouts, sink.port);
    const failed = Object.entries(results).filter(([, result]) => !result.startsWith('blocked'));
    expect(failed).toEqual([]);
    expect(Object.keys(results).length).toBeGreaterThan(30);
    await app.page.waitForTimeout(500);
    // A browser that guesses where a frame will go may connect to it, and has nothing to say there; Electron guesses nothing.
    expect(sink.heard()).toBe(0);
    expect(app.page.url().split('#')[0]).toBe(app.url);
    expect(app.page.context().pages()).toHaveLength(1);
  });

  test.skipIf(electronForSpecs() !== null)(
    'reaches nobody by WebRTC, which knows no content policy, where the network is as main asks Electron for it',
    async () => {
      await using sink = await startSink();
      await using closed = await launchApp({ flags: closedNetwork });
      await closed.page.evaluate(breakouts, sink.port);
      const state = await closed.page.evaluate(async (port) => {
        const connection = new RTCPeerConnection({
          iceServers: [
            { urls: `turn:127.0.0.1:${port}?transport=tcp`, username: 'key', credential: 'x' },
            { urls: `stun:127.0.0.1:${port}` },
          ],
        });
        connection.createDataChannel('x');
        const done = new Promise<string>((resolve) => {
          connection.addEventListener('icegatheringstatechange', () => {
            if (connection.iceGatheringState === 'complete') resolve('complete');
          });
        });
        await connection.setLocalDescription(await connection.createOffer());
        return done;
      }, sink.port);
      expect(state).toBe('complete');
      expect(sink.connections()).toBe(0);
    },
  );
});

test('after all of that there is no file but where Soundpost keeps its own, and no object has inherited anything', async () => {
  const entries = await readdir(app.home, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const strange = files.filter(
    (path) => !/^\/\.(?:config|local\/share)\/soundpost\//.test(path.slice(app.home.length)),
  );
  expect(strange).toEqual([]);
  expect(await codeOf('app.state', {})).toBe('ok');
  expect(app.log()).not.toContain(key);
  expect(await app.page.content()).not.toContain(key);
});

/** Whoever connects is counted, and what they say. */
async function startSink() {
  let connections = 0;
  let heard = 0;
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    connections += 1;
    sockets.push(socket);
    socket.on('data', (bytes) => (heard += bytes.length));
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('It has no address.');
  return {
    port: address.port,
    connections: () => connections,
    heard: () => heard,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
