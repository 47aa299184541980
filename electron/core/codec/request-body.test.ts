import { decode } from '@msgpack/msgpack';
import { describe, expect, test } from 'vitest';
import type { Field, Intent, Travel } from '../../contract/intent.ts';
import { MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import { requestBody } from './request-body.ts';

const sound = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
const take = { name: 'take "1"\r\n.wav', bytes: new MemoryBytes(sound), mediaType: 'audio/wav' };

const text = (name: string, words: string): Field => ({
  name,
  value: { type: 'text', text: words },
});
const json = (name: string, words: string): Field => ({
  name,
  value: { type: 'json', text: words },
});
const file = (name: string, travel?: Travel): Field => ({
  name,
  value: { type: 'file', inputId: 'take', travel },
});

/** The body of these fields, read in odd steps, and its content type. */
async function build(
  body: Intent['body'],
  fields: Field[],
  openFile: Parameters<typeof requestBody>[1] = () => Promise.resolve(take),
): Promise<{ bytes: Buffer; contentType: string }> {
  const { pieces, length, contentType } = await requestBody({ body, fields }, openFile);
  const all: Uint8Array[] = [];
  for (const piece of pieces) {
    for (let at = 0; at < piece.size; at += 77) all.push(await piece.read(at, 77));
  }
  const bytes = Buffer.concat(all);
  expect(length).toBe(bytes.length);
  return { bytes, contentType };
}

async function asJson(fields: Field[]): Promise<unknown> {
  return JSON.parse((await build('json', fields)).bytes.toString());
}

const base64 = sound.toString('base64');
const uri = `data:audio/wav;base64,${base64}`;

describe('a message', () => {
  test('has the values that the fields’ types say', async () => {
    const fields: Field[] = [
      text('text', 'Four "score"'),
      { name: 'rate', value: { type: 'number', literal: '24000' } },
      { name: 'speed', value: { type: 'number', literal: '1.0' } },
      { name: 'stream', value: { type: 'switch', on: true } },
      json('extra', '{"a": [1, 2.0]}'),
      file('audio'),
    ];
    const { bytes, contentType } = await build('json', fields);
    expect(bytes.toString()).toBe(
      `{"text":"Four \\"score\\"","rate":24000,"speed":1.0,"stream":true,"extra":{"a":[1,2.0]},"audio":"${base64}"}`,
    );
    expect(contentType).toBe('application/json');
  });

  test('is one bare value when a single field has no name', async () => {
    expect(await asJson([text('', 'hello')])).toBe('hello');
    expect(decode(new Uint8Array((await build('msgpack', [file('')])).bytes))).toEqual(
      new Uint8Array(sound),
    );
  });

  test('has a file as bytes, base64 or a data URI, as was chosen', async () => {
    const { bytes, contentType } = await build('msgpack', [
      file('auto'),
      file('bytes', { as: 'bytes' }),
      file('base64', { as: 'base64' }),
      file('uri', { as: 'data-uri' }),
    ]);
    const plain = new Uint8Array(sound);
    expect(decode(new Uint8Array(bytes))).toEqual({ auto: plain, bytes: plain, base64, uri });
    expect(contentType).toBe('application/octet-stream');
    expect(await asJson([file('auto'), file('uri', { as: 'data-uri' })])).toEqual({
      auto: base64,
      uri,
    });
  });

  test('in msgpack has base64 of any length behind a head that tells it', async () => {
    for (const size of [0, 1, 23, 24, 190, 191, 192, 49_149, 49_151, 49_152]) {
      const bytes = new MemoryBytes(Buffer.alloc(size, 7));
      const body = await build('msgpack', [file('a', { as: 'base64' })], () =>
        Promise.resolve({ ...take, bytes }),
      );
      expect(decode(body.bytes)).toEqual({ a: Buffer.from(bytes.bytes).toString('base64') });
    }
  });

  test('in JSON can’t have bytes as bytes', async () => {
    await expect(build('json', [file('f', { as: 'bytes' })])).rejects.toThrow(
      /“f” is to travel as bytes, which JSON can’t hold\. Send msgpack, or the file as base64/,
    );
  });

  test('over 4 GiB − 1 in one value is refused, as bytes and as base64', async () => {
    const huge = (size: number): ByteSource => ({
      size,
      read: () => Promise.reject(new Error('Nothing is read before it is sent.')),
      isUnchanged: () => Promise.resolve(true),
    });
    const length = (size: number, travel: Travel): Promise<number> =>
      requestBody({ body: 'msgpack', fields: [file('f', travel)] }, () =>
        Promise.resolve({ ...take, bytes: huge(size) }),
      ).then((body) => body.length);
    expect(await length(2 ** 32 - 1, { as: 'bytes' })).toBe(2 ** 32 - 1 + 8);
    await expect(length(2 ** 32, { as: 'bytes' })).rejects.toMatchObject({ code: 'too_large' });
    await expect(length(3 * 2 ** 30, { as: 'base64' })).rejects.toMatchObject({
      code: 'too_large',
    });
    expect(await length(3 * 2 ** 30 - 3, { as: 'base64' })).toBe(2 ** 32 - 4 + 8);
  });
});

describe('a field’s name', () => {
  test('with brackets is a place in maps and lists', async () => {
    const fields = [
      file('whisper_input[audio][audio_b64]'),
      text('whisper_input[whisper_params][audio_language]', 'en'),
      text('list[]', 'a'),
      text('list[]', 'b'),
      text('messages[0][role]', 'user'),
      text('messages[0][content][0][text]', 'hi'),
      text('plain.name', 'x'),
      text('__proto__[x]', 'a key like any other'),
    ];
    expect(JSON.stringify(await asJson(fields))).toBe(
      `{"whisper_input":{"audio":{"audio_b64":"${base64}"},"whisper_params":{"audio_language":"en"}},"list":["a","b"],"messages":[{"role":"user","content":[{"text":"hi"}]}],"plain.name":"x","__proto__":{"x":"a key like any other"}}`,
    );
  });

  test.each([
    [['a', 'a'], /“a” stands there twice/],
    [['a[b]', 'a[b]'], /“a\[b\]” stands there twice/],
    [['a', 'a[b]'], /“a\[b\]” adds to what another field gives as a whole/],
    [['a[b]', 'a'], /“a” stands there twice/],
    [['a[b]', 'a[]'], /makes a map of what another field makes a list/],
    [['a[0]', 'a[b]'], /makes a map of what another field makes a list/],
    [['a[0]', 'a[2]'], /“a\[1\]” is missing/],
    [['a[999999]'], /“a\[0\]” is missing/],
    [['a[b'], /brackets that don’t pair up/],
    [['a]'], /brackets that don’t pair up/],
    [['[a]'], /brackets that don’t pair up/],
    [['a[b]c'], /brackets that don’t pair up/],
    [['', 'a'], /A field has no name/],
  ])('%j are refused in words', async (names, words) => {
    const fields = names.map((name) => text(name, 'x'));
    await expect(build('json', fields)).rejects.toThrow(words);
  });
});

describe('a form', () => {
  test('is read by another parser as it was meant', async () => {
    const { bytes, contentType } = await build('multipart', [
      file('file'),
      text('model', 'whisper-1 "é"\n--x'),
      text('timestamp_granularities[]', 'word'),
      text('timestamp_granularities[]', 'segment'),
      { name: 'temperature', value: { type: 'number', literal: '0.0' } },
      { name: 'stream', value: { type: 'switch', on: false } },
      json('extra', ' {"a": 1.0} '),
      file('uri', { as: 'data-uri' }),
      text('na"me\r\nX: y', 'x'),
    ]);
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated for servers, and here it is the independent parser
    const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
    const sent = form.get('file') as File;
    expect(sent.name).toBe(take.name);
    expect(sent.type).toBe('audio/wav');
    expect(Buffer.from(await sent.arrayBuffer()).equals(sound)).toBe(true);
    expect([...form].filter(([, value]) => typeof value === 'string')).toEqual([
      ['model', 'whisper-1 "é"\n--x'],
      ['timestamp_granularities[]', 'word'],
      ['timestamp_granularities[]', 'segment'],
      ['temperature', '0.0'],
      ['stream', 'false'],
      ['extra', '{"a": 1.0}'],
      ['uri', uri],
      ['na"me\r\nX: y', 'x'],
    ]);
  });

  test('has a boundary that is new each time', async () => {
    const first = await build('multipart', [text('a', 'b')]);
    const second = await build('multipart', [text('a', 'b')]);
    expect(first.contentType).toMatch(/^multipart\/form-data; boundary=soundpost-[0-9a-f]{24}$/);
    expect(first.contentType).not.toBe(second.contentType);
  });

  test('without a name for each field, or with text that is no UTF-8, is refused', async () => {
    await expect(build('multipart', [text('', 'b')])).rejects.toThrow(/no name/);
    await expect(build('multipart', [text('a', '\ud800')])).rejects.toThrow(/half of a character/);
  });
});

test('a raw body is the file and its media type, and no other way of travelling', async () => {
  expect(await build('raw', [file('f')])).toEqual({ bytes: sound, contentType: 'audio/wav' });
  await expect(build('raw', [file('f', { as: 'base64' })])).rejects.toThrow(/“f” can’t travel as/);
  await expect(build('raw', [file('f'), text('a', 'b')])).rejects.toThrow(/one file/);
});

test('what can’t be sent is said by its field’s name', async () => {
  const refused = (field: Field, words: RegExp): Promise<void> =>
    expect(build('msgpack', [field])).rejects.toThrow(words);
  await refused({ name: 'n', value: { type: 'number', literal: 'abc' } }, /“n” is not a number/);
  await refused(json('j', '{'), /“j” is not JSON/);
  await refused({ name: 'f', value: { type: 'file', inputId: null } }, /“f” has no file/);
  await refused(text('t', '\udc00'), /“t” holds half of a character/);
});
