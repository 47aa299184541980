import { request as startRequest, type ClientRequest } from 'node:http';
import { expect, test } from 'vitest';
import { answerJson } from './model-answers.ts';
import * as faults from './model-faults.ts';
import { startModelServer, type Behaviour } from './model-server.ts';
import { plainPost } from './plain-post.ts';

const sound = Buffer.from('0123456789');

async function ask(behaviour: Behaviour, body: Uint8Array | string = 'hello') {
  await using server = await startModelServer();
  server.answer('/predict', behaviour);
  return await plainPost(`${server.url}/predict`, body);
}

/** Starts a request that the test ends itself. */
function open(url: string): ClientRequest {
  const request = startRequest(url, { method: 'POST', agent: false });
  request.on('error', () => undefined);
  return request;
}

test('takes a request, says nothing, and notices the client leave', async () => {
  await using server = await startModelServer();
  server.answer('/predict', faults.stallBeforeHeaders());
  const request = open(`${server.url}/predict`);
  request.end('hello');
  const seen = await server.waitForRequest();
  await expect.poll(() => seen.complete).toBe(true);
  request.destroy();
  expect(await seen.ended).toEqual({ answered: false });
});

test.each([
  ['body', faults.stallMidBody(sound, 4), '10'],
  ['stream', faults.stallMidStream(sound.subarray(0, 4)), undefined],
])('stops in the middle of a %s and leaves the connection open', async (_, behaviour, length) => {
  await using server = await startModelServer();
  server.answer('/predict', behaviour);
  const request = open(`${server.url}/predict`);
  const received = await new Promise((resolve) => {
    request.on('response', (response) => {
      expect(response.headers['content-length']).toBe(length);
      response.on('error', () => undefined);
      response.once('data', resolve);
    });
    request.end('hello');
  });
  expect(String(received)).toBe('0123');
  const seen = await server.waitForRequest();
  request.destroy();
  expect(await seen.ended).toEqual({ answered: false });
});

test('drops the connection before any answer', async () => {
  await expect(ask(faults.dropBeforeHeaders())).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('drops the connection in the middle of the upload', async () => {
  await using server = await startModelServer();
  server.answer('/predict', faults.dropMidUpload(100_000));
  const upload = plainPost(`${server.url}/predict`, Buffer.alloc(50_000_000));
  await expect(upload).rejects.toHaveProperty('code', expect.stringMatching(/ECONNRESET|EPIPE/));
  const [seen] = server.requests;
  expect(seen?.complete).toBe(false);
  expect(seen?.length).toBeGreaterThanOrEqual(100_000);
});

test.each([
  ['a body with a length', faults.cutMidBody(sound, 4)],
  ['a stream', faults.cutStream(sound.subarray(0, 4))],
])('cuts %s short after what it sent', async (_, behaviour) => {
  const answer = await ask(behaviour);
  expect(answer).toMatchObject({ status: 200, complete: false });
  expect(String(answer.body)).toBe('0123');
});

test('speaks something that is not HTTP', async () => {
  await expect(ask(faults.answerGarbage())).rejects.toHaveProperty(
    'code',
    expect.stringMatching(/^HPE_/),
  );
});

test('refuses an upload that is still going on, and reads no more of it', async () => {
  await using server = await startModelServer();
  server.answer('/predict', faults.refuseEarly({ after: 100_000, lingerFor: 10_000 }));
  const request = open(`${server.url}/predict`);
  const size = 50_000_000;
  const status = await new Promise((resolve) => {
    request.on('response', (response) => {
      resolve(response.statusCode);
    });
    request.end(Buffer.alloc(size));
  });
  expect(status).toBe(413);
  expect(server.requests[0]?.complete).toBe(false);
  expect(server.requests[0]?.length).toBeLessThan(size);
  request.destroy();
});

test('closes the connection after refusing early, when asked to at once', async () => {
  await using server = await startModelServer();
  server.answer('/predict', faults.refuseEarly({ lingerFor: 0 }));
  const request = open(`${server.url}/predict`);
  const closed = new Promise((resolve) => request.on('close', resolve));
  request.end(Buffer.alloc(50_000_000));
  await closed;
  expect(server.requests[0]?.complete).toBe(false);
});

test('reads an upload slowly, and then answers', async () => {
  const start = performance.now();
  const answer = await ask(faults.readSlowly(2_000_000, answerJson('ok')), Buffer.alloc(400_000));
  expect(answer.status).toBe(200);
  // Never faster than asked; timers may fire a millisecond early for each chunk.
  expect(performance.now() - start).toBeGreaterThan(150);
});

test('pauses an upload until it is told to go on', async () => {
  await using server = await startModelServer();
  const gate = Promise.withResolvers<undefined>();
  server.answer('/predict', faults.pauseUpload(100_000, gate.promise, answerJson('ok')));
  const size = 50_000_000;
  const upload = plainPost(`${server.url}/predict`, Buffer.alloc(size));

  const seen = await server.waitForRequest();
  await expect.poll(() => seen.length).toBeGreaterThanOrEqual(100_000);
  expect(seen.complete).toBe(false);
  expect(seen.length).toBeLessThan(size);
  gate.resolve(undefined);
  expect((await upload).status).toBe(200);
  expect(seen).toMatchObject({ complete: true, length: size });
});
