import { expect, test } from 'vitest';
import { answered } from '../testing/answered.ts';
import { answerBytes, stream } from '../testing/model-answers.ts';

const MiB = 1024 * 1024;
const OCTETS = 'application/octet-stream';
const repeat = (text: string, times: number): Buffer => Buffer.alloc(text.length * times, text);
const octets = (...bytes: number[]): Buffer => Buffer.from(bytes);
const text = (words: string): Buffer => Buffer.from(words);

test.each<[string, Buffer, string, RegExp]>([
  ['20 MB of msgpack lists in lists', Buffer.alloc(20_000_000, 0x91), OCTETS, /deeper than/],
  [
    '20 MB of msgpack maps in maps',
    Buffer.alloc(20_000_000, octets(0x81, 0xa0)),
    OCTETS,
    /deeper than/,
  ],
  ['20 MB of JSON lists in lists', repeat('[', 20_000_000), 'application/json', /deeper than/],
  ['20 MB of JSON maps in maps', repeat('{"a":', 4_000_000), 'application/json', /deeper than/],
  [
    '10 million msgpack values',
    Buffer.concat([octets(0xdd, 0, 0x98, 0x96, 0x80), Buffer.alloc(10_000_000)]),
    OCTETS,
    /More than \d+ values/,
  ],
  [
    '10 million JSON values',
    Buffer.concat([text('['), repeat('0,', 9_999_999), text('0]')]),
    'application/json',
    /More than \d+ values/,
  ],
  [
    '10 million empty JSON texts',
    Buffer.concat([text('['), repeat('"",', 9_999_999), text('""]')]),
    'application/json',
    /More than \d+ values/,
  ],
])('%s are kept as they came, with the reason', async (_name, body, type, words) => {
  const { outcome } = await answered(answerBytes(body, type));
  expect(outcome).toMatchObject({ state: 'done', parts: [{ name: 'answer', size: body.length }] });
  expect(outcome.output).toBeUndefined();
  expect(outcome.warnings.join()).toMatch(words);
});

test.each([
  ['a list', octets(0xdd, 0xff, 0xff, 0xff, 0xff, 1)],
  ['a map', octets(0xdf, 0xff, 0xff, 0xff, 0xff, 0xa1, 0x61)],
  ['bytes', octets(0xc6, 0xff, 0xff, 0xff, 0xff, 1)],
  ['a text', octets(0xdb, 0xff, 0xff, 0xff, 0xff, 0x61)],
  ['an extension', octets(0xc9, 0xff, 0xff, 0xff, 0xff, 1)],
])('%s of 4 billion that is not there is found out at once', async (_name, body) => {
  const { outcome } = await answered(answerBytes(body));
  expect(outcome).toMatchObject({ state: 'done', parts: [{ size: body.length }] });
});

test('a text of 300 MB is kept, and its beginning is shown', async () => {
  function* chunks(): Generator<Buffer> {
    for (let sent = 0; sent < 300; sent += 1) yield Buffer.alloc(MiB, 'words and ');
  }
  const { outcome } = await answered(stream(chunks(), { contentType: 'text/plain' }), {}, false);
  expect(outcome.parts[0]?.size).toBe(300 * MiB);
  expect(outcome.text).toHaveLength(1_000_000);
  expect(outcome.warnings[0]).toMatch(/first 1,000,000 bytes/);
}, 60_000);

test('keys of any length, doubled ones and __proto__ are keys', async () => {
  const long = 'k'.repeat(2_000_000);
  const body = text(`{"${long}":1,"a":1,"a":2,"__proto__":{"polluted":true}}`);
  const { outcome } = await answered(answerBytes(body, 'application/json'));
  expect(outcome.output).toMatchObject({ $type: 'map' });
  expect(JSON.stringify(outcome.output)).toContain('__proto__');
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

test('half a character, as an escape or as bytes, harms nothing', async () => {
  const sound = Buffer.concat([text('fLaC'), Buffer.alloc(100)]).toString('base64');
  const lone = await answered(
    answerBytes(text(`{"a\\ud800": "${sound}", "b": "\\udfff"}`), 'application/json'),
  );
  expect(lone.outcome.parts).toMatchObject([{ name: 'a\ufffd', kind: { format: 'flac' } }]);
  expect(JSON.stringify(lone.outcome.output)).toContain('\\udfff');
  const bytes = await answered(
    answerBytes(
      Buffer.concat([text('{"a": "x'), octets(0xff, 0xc3), text('"}')]),
      'application/json',
    ),
  );
  expect(bytes.outcome.output).toEqual({ a: 'x\ufffd\ufffd' });
  expect(bytes.outcome.warnings).toEqual([
    'The JSON holds bytes that are no UTF-8; they are shown as �.',
  ]);
});

test('more events than anybody reads are kept, and the first are shown', async () => {
  const { outcome } = await answered(
    answerBytes(repeat('data: 1\n\n', 1_000_000), 'text/event-stream'),
  );
  expect(outcome.output).toHaveLength(100_000);
  expect(outcome.warnings.join()).toMatch(/more than 100000 events/);
});
