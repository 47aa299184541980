import { decode, encode } from '@msgpack/msgpack';
import { readFile } from 'node:fs/promises';
import { request as startRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainPost } from '../testing/plain-post.ts';
import { DEMO_BODY_LIMIT, startDemo, type DemoServer } from './demo-server.ts';
import { speak } from './speak.ts';

const sampleDirectory = join(import.meta.dirname, '../../../resources/sample');
const binary = { headers: { 'content-type': 'application/octet-stream' } };
const json = { headers: { 'content-type': 'application/json' } };

let demo: DemoServer;
let mp3: Buffer;
let pcm: Buffer;

beforeAll(async () => {
  demo = await startDemo({ sampleDirectory, speakPace: Infinity });
  mp3 = await readFile(join(sampleDirectory, 'Gettysburg.mp3'));
  pcm = await readFile(join(sampleDirectory, 'gettysburg-24000-mono.s16le'));
});
afterAll(() => demo.close());

describe('who is answered', () => {
  const message = encode({ text: 'x' });

  test.each([
    ['a wrong token', (url: string) => url.replace(/[0-9a-f]{32}/, '0'.repeat(32)), {}, 404],
    ['no token', (url: string) => url.replace(/[0-9a-f]{32}\//, ''), {}, 404],
    ['an unknown model', (url: string) => url.replace('echo', 'other'), {}, 404],
    ['another path', (url: string) => `${url}/more`, {}, 404],
    ['another Host', String, { headers: { host: 'localhost:80' } }, 403],
    ['a page of any origin', String, { headers: { origin: 'http://127.0.0.1' } }, 403],
    ['a page without an origin', String, { headers: { origin: 'null' } }, 403],
    ['PUT', String, { method: 'PUT' }, 405],
    ['a key', String, { headers: { authorization: 'Api-Key abc' } }, 400],
    ['a key by its other header', String, { headers: { 'x-api-key': 'abc' } }, 400],
  ])('refuses %s', async (_, change, options, status) => {
    const answer = await plainPost(change(demo.urlFor('echo')), message, options);
    expect(answer.status).toBe(status);
    expect(JSON.parse(String(answer.body))).toEqual({ error: expect.any(String) as string });
  });

  test('refuses to be read by a link', async () => {
    const answer = await plainPost(demo.urlFor('echo'), '', { method: 'GET' });
    expect(answer.status).toBe(405);
  });

  test('never says the key it was wrongly sent', async () => {
    const headers = { authorization: 'Api-Key abcdef.123' };
    const answer = await plainPost(demo.urlFor('echo'), message, { headers });
    expect(String(answer.body)).not.toContain('abcdef');
  });

  test('a body over the limit is refused before it is sent', async () => {
    const headers = { ...binary.headers, 'content-length': DEMO_BODY_LIMIT + 1 };
    const answer = await plainPost(demo.urlFor('echo'), '', { headers });
    expect(answer.status).toBe(413);
    expect(answer.headers['x-baseten-request-id']).toMatch(/^[0-9a-f]{37}$/);
  });

  test('a body that does not say its length is refused once it passes the limit', async () => {
    const status = await new Promise((resolve, reject) => {
      const request = startRequest(demo.urlFor('echo'), { method: 'POST', ...binary });
      const megabyte = Buffer.alloc(1_000_000);
      let sent = 0;
      let answered = false;
      const more = (): void => {
        while (!answered && sent < 150) {
          sent += 1;
          if (!request.write(megabyte)) return void request.once('drain', more);
        }
      };
      request.on('response', (response) => {
        answered = true;
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
      more();
    });
    expect(status).toBe(413);
  });
});

describe('Echo', () => {
  const post = (body: Uint8Array | string, options = binary) =>
    plainPost(demo.urlFor('echo'), body, options);

  test('gives back the bytes of a msgpack message with a file in it', async () => {
    const message = encode({ byte_data: mp3, speed: 1.5 });
    const answer = await post(message);
    expect(answer).toMatchObject({ status: 200, complete: true });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': String(message.length),
      'x-baseten-request-id': expect.stringMatching(/^[0-9a-f]{37}$/) as string,
    });
    expect(answer.body.equals(message)).toBe(true);
  });

  test('answers a message that is only bytes with those bytes', async () => {
    const answer = await post(encode(mp3));
    expect(answer.body.equals(mp3)).toBe(true);
  });

  test('answers JSON with the same JSON', async () => {
    const text = '{"n":1.0,"big":12345678901234567890,"word":"nähe"}';
    const answer = await post(text, json);
    expect(String(answer.body)).toBe(text);
    expect(answer.headers['content-type']).toBe('application/json');
  });

  test('reads a body that does not say its length', async () => {
    const message = encode({ byte_data: mp3 });
    const answer = await plainPost(demo.urlFor('echo'), message, {
      headers: { ...binary.headers, 'transfer-encoding': 'chunked' },
    });
    expect(answer.body.equals(message)).toBe(true);
  });

  // What Python's msgpack 1.2 and json say of the same bytes, as Truss passes it on.
  test.each([
    ['', binary, 500, '500', 'Unhandled exception: ValueError: Unpack failed: incomplete input'],
    ['RIFF', binary, 500, '500', 'Unhandled exception: ExtraData: unpack(b) received extra data.'],
    ['{}', json, 200, undefined, undefined],
    ['{', json, 400, '700', 'Invalid JSON payload: '],
    ['', json, 400, '700', 'Invalid JSON payload: '],
  ])('answers the body %j as Truss does', async (body, options, status, code, error) => {
    const answer = await post(body, options);
    expect(answer.status).toBe(status);
    expect(answer.headers['x-baseten-error-code']).toBe(code);
    if (!error) return;
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers['x-baseten-error-source']).toBe('04');
    const said = (JSON.parse(String(answer.body)) as { error: string }).error;
    expect(said.slice(0, error.length)).toBe(error);
  });

  test('says what Truss says to an audio file sent under its own type', async () => {
    const answer = await post(mp3, { headers: { 'content-type': 'audio/mpeg' } });
    expect(answer.status).toBe(500);
    expect(String(answer.body)).toContain("UnicodeDecodeError: 'utf-8' codec can't decode byte");
  });
});

describe('Speak', () => {
  test.each([
    ['msgpack', encode({ text: 'Hello' }), binary],
    ['JSON', '{"text":"Hello","voice":"any"}', json],
  ])('streams the recording as raw PCM to a %s request', async (_, body, options) => {
    const answer = await plainPost(demo.urlFor('speak'), body, options);
    expect(answer.status).toBe(200);
    expect(answer.headers['transfer-encoding']).toBe('chunked');
    expect(answer.headers['content-length']).toBeUndefined();
    expect(answer.headers['content-type']).toBe('application/octet-stream');
    expect(answer.complete).toBe(true);
    expect(answer.body.equals(pcm)).toBe(true);
  });

  test.each([
    ['{}', '`text`: Field required.'],
    ['{"text":1}', '`text`: Input should be a valid string.'],
    ['{"text":""}', '`text`: String should have at least 1 character.'],
    ['"Hello"', 'Input should be a valid dictionary.'],
  ])('refuses the input %s in words', async (body, words) => {
    const answer = await plainPost(demo.urlFor('speak'), body, json);
    expect(answer.status).toBe(400);
    expect(answer.headers['x-baseten-error-code']).toBe('700');
    const { error } = JSON.parse(String(answer.body)) as { error: string };
    expect(error).toContain('Input Parsing Error:\n  `');
    expect(error).toContain(words);
  });

  test('fails, as Truss does, for a client that accepts nothing but JSON', async () => {
    const headers = { ...json.headers, accept: 'application/json' };
    const answer = await plainPost(demo.urlFor('speak'), '{"text":"Hello"}', { headers });
    expect(answer.status).toBe(500);
    expect(String(answer.body)).toContain('UnicodeDecodeError');
  });

  test('takes as long as the speech when nothing hurries it', async () => {
    await using realTime = await startDemo({ sampleDirectory, speakPace: 20 });
    const start = performance.now();
    await plainPost(realTime.urlFor('speak'), '{"text":"Hello"}', json);
    // Never faster than its pace; how much slower is the machine's affair.
    expect(performance.now() - start).toBeGreaterThan((pcm.length / 48_000 / 20) * 1000 - 5);
  });

  test('sends the first sound without waiting for the rest', async () => {
    await using realTime = await startDemo({ sampleDirectory });
    const first = await new Promise<Buffer>((resolve, reject) => {
      const request = startRequest(realTime.urlFor('speak'), { method: 'POST', ...json });
      request.on('response', (response) => {
        response.on('error', () => undefined);
        response.once('data', (chunk: Buffer) => {
          request.destroy();
          resolve(chunk);
        });
      });
      request.on('error', reject);
      request.end('{"text":"Hello"}');
    });
    expect(first.length).toBeLessThan(pcm.length / 4);
    expect(pcm.subarray(0, first.length).equals(first)).toBe(true);
  });

  test('stops speaking when the client goes', async () => {
    const gone = new AbortController();
    const body = Buffer.from('{"text":"Hello"}');
    const prediction = { body, binary: false, accept: '*/*', signal: gone.signal };
    const answer = speak(prediction, { recording: pcm, pace: 1 });
    if (!('stream' in answer)) throw new Error('Speak did not stream');
    const chunks = answer.stream[Symbol.asyncIterator]();
    await chunks.next();
    const second = chunks.next();
    gone.abort();
    await expect(second).rejects.toHaveProperty('name', 'AbortError');
  });
});

describe('Transcribe', () => {
  const post = (body: Uint8Array | string, options = binary) =>
    plainPost(demo.urlFor('transcribe'), body, options);

  test('knows the sample, whichever way it is sent', async () => {
    const inMsgpack = decode((await post(encode({ byte_data: mp3 }))).body);
    const nested = await post(encode({ whisper_input: { audio: { audio_bytes: mp3 } } }));
    const base64 = mp3.toString('base64');
    const inJson = await post(JSON.stringify({ byte_data: base64 }), json);
    const underAudio = await post(JSON.stringify({ audio: base64, text: base64 }), json);

    expect(inMsgpack).toMatchObject({ language_code: 'en' });
    expect(decode(nested.body)).toEqual(inMsgpack);
    expect(JSON.parse(String(inJson.body))).toEqual(inMsgpack);
    expect(inJson.headers['content-type']).toBe('application/json');
    expect(underAudio.body.equals(inJson.body)).toBe(true);
  });

  test('times each phrase within the recording, in order', async () => {
    const answer = decode((await post(encode({ byte_data: mp3 }))).body) as {
      segments: { text: string; start_time: number; end_time: number }[];
    };
    const text = answer.segments.map((segment) => segment.text).join(' ');
    expect(text).toMatch(/^Four score and seven years ago our fathers .* created equal\.$/);
    let last = 0;
    for (const { start_time, end_time } of answer.segments) {
      expect(start_time).toBeGreaterThan(last);
      expect(end_time).toBeGreaterThan(start_time);
      last = end_time;
    }
    expect(last).toBeLessThan(pcm.length / 48_000);
  });

  test('is honest about a recording it does not know', async () => {
    const answer = await post(encode({ byte_data: mp3.subarray(1) }));
    expect(answer.status).toBe(422);
    expect(answer.headers['x-baseten-error-code']).toBe('600');
    expect(String(answer.body)).toContain('The demo only knows its own recording.');
  });

  test.each([
    ['no file', encode({ text: 'x' }), binary],
    ['two files', encode({ a: new Uint8Array(1), b: new Uint8Array(1) }), binary],
    ['something that is not base64', '{"audio":"not base64!"}', json],
  ])('asks for one file when sent %s', async (_, body, options) => {
    const answer = await post(body, options);
    expect(answer.status).toBe(400);
    expect(String(answer.body)).toContain('byte_data');
  });
});
