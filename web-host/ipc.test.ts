import { decode, encode } from '@msgpack/msgpack';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Asked } from './asked.ts';
import { createIpc } from './ipc.ts';
import { PageLink } from './page-link.ts';
import { SavedFiles } from './saved-files.ts';
import { Scratch } from './scratch.ts';
import { Uploads } from './uploads.ts';
import { WindowStandIn } from './window.ts';

/** What a page on a real socket gets for one invocation whose handler answers `value`. */
async function invoked(value: unknown): Promise<unknown> {
  await using cleanup = new AsyncDisposableStack();
  const scratch = cleanup.adopt(new Scratch(), (made) => {
    made.remove();
  });
  const link = new PageLink();
  const windows: WindowStandIn[] = [];
  const nothing = (): void => undefined;
  const on = { created: nothing, loaded: nothing, closed: nothing };
  const host = { ...{ link, windows, session: null, asked: new Asked() }, ...on };
  const preload = join(import.meta.dirname, 'none.js');
  new WindowStandIn(host, { webPreferences: { preload, sandbox: true } });
  const saved = new SavedFiles(scratch, link);
  const ipc = createIpc({ link, uploads: new Uploads(scratch), saved, windows });
  ipc.handle('ask', () => value);

  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  cleanup.defer(() => {
    server.close();
  });
  server.on('connection', (socket) => {
    link.attach(socket, 'page');
  });
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  cleanup.defer(() => {
    socket.terminate();
  });
  await once(socket, 'open');
  socket.send(encode({ type: 'invoke', id: 7, channel: 'ask', args: [] }));
  const [data] = (await once(socket, 'message')) as [Buffer];
  return decode(data);
}

test('an answer as deep as a model may make it comes through', async () => {
  let deep: unknown = 'end';
  for (let level = 0; level < 250; level += 1) deep = level % 2 ? [deep] : { deep };
  expect(await invoked({ ok: true, data: deep })).toEqual({
    type: 'answer',
    id: 7,
    value: { ok: true, data: deep },
  });
});

test('an answer with a key that msgpack refuses to read comes as JSON', async () => {
  const json = '{"output":{"__proto__":{"a":1},"text":"\\"__proto__\\":"}}';
  expect(await invoked(JSON.parse(json))).toEqual({ type: 'answer', id: 7, json });
  const text = { text: '"__proto__":' };
  expect(await invoked(text)).toEqual({ type: 'answer', id: 7, value: text });
});

test('an answer that can’t be sent is a failure, not silence', async () => {
  const endless: unknown[] = [];
  endless.push(endless);
  expect(await invoked(endless)).toMatchObject({ type: 'failed', id: 7 });
  expect(await invoked({ count: 1n })).toMatchObject({ type: 'failed', id: 7 });
});
