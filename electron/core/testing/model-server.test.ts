import { decode, encode } from '@msgpack/msgpack';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { TrussError } from '../demo/truss.ts';
import * as answers from './model-answers.ts';
import { refusingUrl, startModelServer, type Behaviour } from './model-server.ts';
import { plainPost } from './plain-post.ts';

const octets = { headers: { 'content-type': 'application/octet-stream' } };

async function ask(behaviour: Behaviour, body: Uint8Array | string = 'hello', options = {}) {
  await using server = await startModelServer();
  server.answer('/predict', behaviour);
  return await plainPost(`${server.url}/predict`, body, options);
}

test('records what it was sent, and of a long body only its length and hash', async () => {
  await using server = await startModelServer();
  server.answer('/predict', answers.answerJson('ok'));
  const long = Buffer.alloc(3_000_000, 'x');
  await plainPost(`${server.url}/predict?a=1`, 'hello', { headers: { 'X-Test': 'yes' } });
  await plainPost(`${server.url}/predict`, long);

  const [first, second] = server.requests;
  expect(first).toMatchObject({ method: 'POST', path: '/predict?a=1', length: 5, complete: true });
  expect(first?.headers['x-test']).toBe('yes');
  expect(first?.rawHeaders).toContain('X-Test');
  expect(String(first?.body)).toBe('hello');
  expect(second).toMatchObject({ length: long.length, complete: true });
  expect(second?.body).toBeUndefined();
  expect(second?.sha256).toBe(createHash('sha256').update(long).digest('hex'));
  expect(await second?.ended).toEqual({ answered: true });
});

test('answers request after request by its script, and the last one again and again', async () => {
  await using server = await startModelServer();
  server.answer('/predict', answers.rateLimited(2), answers.answerJson('ok'));
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await plainPost(`${server.url}/predict`)).status);
  expect(statuses).toEqual([429, 200, 200]);
});

test('waits for a request that is still to come', async () => {
  await using server = await startModelServer();
  const second = server.waitForRequest(2);
  await plainPost(`${server.url}/first`);
  await plainPost(`${server.url}/second`);
  expect((await second).path).toBe('/second');
});

test('answers 404 where nothing is scripted', async () => {
  await using server = await startModelServer();
  expect((await plainPost(`${server.url}/predict`, 'x')).status).toBe(404);
});

test('gives an address that refuses connections', async () => {
  await expect(plainPost(await refusingUrl())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('echoes a message, and refuses what Truss could not read', async () => {
  const message = encode({ byte_data: new Uint8Array(300_000) });
  const good = await ask(answers.echo(), message, octets);
  expect(good.body.equals(message)).toBe(true);
  expect(good.headers['x-baseten-request-id']).toBeTypeOf('string');
  const bad = await ask(answers.echo(), 'RIFF', octets);
  expect(bad.status).toBe(500);
  expect(String(bad.body)).toContain('ExtraData');
});

test('answers msgpack and JSON with their types', async () => {
  const message = await ask(answers.answerMsgpack({ text: 'hi' }));
  expect(message.headers['content-type']).toBe('application/octet-stream');
  expect(decode(message.body)).toEqual({ text: 'hi' });
  const json = await ask(answers.answerJson({ a: 1 }, { status: 418, headers: { 'x-a': 'b' } }));
  expect(json).toMatchObject({ status: 418, headers: { 'x-a': 'b' } });
  expect(JSON.parse(String(json.body))).toEqual({ a: 1 });
});

test('answers bytes under a type that lies, or under none', async () => {
  const lie = await ask(answers.answerBytes(Buffer.from('ID3'), 'text/html'));
  expect(lie.headers).toMatchObject({ 'content-type': 'text/html', 'content-length': '3' });
  const none = await ask(answers.answerBytes(Buffer.from('ID3'), null));
  expect(none.headers['content-type']).toBeUndefined();
});

test('gives the errors of the edge and of Truss', async () => {
  expect((await ask(answers.unauthorized())).status).toBe(401);
  expect((await ask(answers.tooLarge())).status).toBe(413);
  const limited = await ask(answers.rateLimited(2));
  expect(limited).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
  const failed = await ask(answers.modelError());
  expect(failed).toMatchObject({
    status: 500,
    headers: { 'x-baseten-error-source': '04', 'x-baseten-error-code': '600' },
  });
  expect(JSON.parse(String(failed.body))).toEqual({
    error: 'Internal Server Error (in model/chainlet).',
  });
  const notReady = TrussError.fromModel(503, 'Model with name model is not ready.');
  expect((await ask(answers.trussError(notReady))).status).toBe(503);
});

test('sends the client elsewhere', async () => {
  const answer = await ask(answers.redirect('http://127.0.0.1:1/x'));
  expect(answer).toMatchObject({ status: 307, headers: { location: 'http://127.0.0.1:1/x' } });
});

test('streams in chunks, also when there is none', async () => {
  const sound = Buffer.from('0123456789');
  const whole = await ask(answers.stream(answers.slices(sound, 3), { everyMs: 1 }));
  expect(whole.headers['transfer-encoding']).toBe('chunked');
  expect(whole).toMatchObject({ status: 200, complete: true });
  expect(whole.body.equals(sound)).toBe(true);

  const empty = await ask(answers.stream([], { contentType: 'audio/wav' }));
  expect(empty).toMatchObject({ status: 200, complete: true });
  expect(empty.headers).toMatchObject({
    'transfer-encoding': 'chunked',
    'content-type': 'audio/wav',
  });
  expect(empty.body.length).toBe(0);
});

test('makes a large answer that is one msgpack message', async () => {
  const { body } = await ask(answers.answerLargeBin(3_000_000));
  const { byte_data } = decode(body) as { byte_data: Uint8Array };
  expect(byte_data.length).toBe(3_000_000);
  expect([byte_data[0], byte_data[250], byte_data[251]]).toEqual([0, 250, 0]);
  expect(byte_data[2_999_999]).toBe(2_999_999 % 251);
});
