import { expect, test } from 'vitest';
import { MemoryBytes } from '../files/byte-source.ts';
import { base64Head, Base64Of, decodeBase64 } from './base64.ts';
import { JsonError, readJson } from './json-read.ts';
import { writeJson } from './json-write.ts';
import { Bytes, Dictionary, Float } from './value.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function text(pieces: ReturnType<typeof writeJson>): Promise<string> {
  let all = '';
  for (const piece of pieces) {
    const bytes = piece instanceof Uint8Array ? piece : await piece.read(0, piece.size);
    all += Buffer.from(bytes).toString();
  }
  return all;
}

test('JSON is read and written with its numbers as they were written', async () => {
  const source = '{"a":1,"b":1.0,"c":[true,null,"é\\n\\"x\\""],"d":12345678901234567890,"e":-0.5}';
  expect(await text(writeJson(readJson(source)))).toBe(source);
});

test('the bare NaN and Infinity of Python are read', () => {
  expect(readJson('[NaN, -Infinity]')).toEqual([new Float(NaN), new Float(-Infinity)]);
});

test('everything JSON.parse refuses is refused, with the place', () => {
  const broken = [
    '',
    '{',
    '[1,]',
    '{"a"}',
    '{a:1}',
    '"x',
    '01',
    '1 2',
    '"\\x"',
    'tru',
    '"\u0001"',
    '+1',
    '.5',
  ];
  for (const wrong of broken) {
    expect(() => readJson(wrong), wrong).toThrow(JsonError);
    expect(() => JSON.parse(wrong) as unknown, wrong).toThrow();
  }
  expect(() => readJson('['.repeat(100_000))).toThrow(/Nested/);
});

test('a file becomes base64 while it is read, in pieces of any size', async () => {
  const source = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
  const encoded = new Base64Of(new MemoryBytes(source));
  const whole = source.toString('base64');
  expect(encoded.size).toBe(whole.length);
  for (const step of [1, 3, 7, 100, 5000]) {
    let seen = '';
    for (let at = 0; at < encoded.size; at += step) {
      seen += Buffer.from(await encoded.read(at, step)).toString();
    }
    expect(seen).toBe(whole);
  }
});

test('a hostile tail behind base64 costs one pass and is no base64', () => {
  const text = `${Buffer.alloc(300, 1).toString('base64')}${'\n'.repeat(2_000_000)}!`;
  expect(decodeBase64(text)).toBeNull();
});

test('numbers and messages beyond reason are refused', () => {
  expect(() => readJson('1'.repeat(10_000_000))).toThrow(/not a number/);
  expect(() => readJson(`[${'0,'.repeat(600_000)}0]`)).toThrow(/values/);
});

test('base64 is known in all the forms that models send', () => {
  const sound = Buffer.concat([Buffer.from('RIFF1234WAVEfmt '), Buffer.alloc(200, 0xfb)]);
  const plain = sound.toString('base64');
  const lines = plain.replace(/.{76}/g, '$&\r\n');
  for (const form of [
    plain,
    sound.toString('base64url'),
    lines,
    `data:audio/wav;base64,${plain}`,
  ]) {
    expect(decodeBase64(form)).toEqual(sound);
    expect(
      Buffer.from(base64Head(form) ?? [])
        .subarray(0, 4)
        .toString(),
    ).toBe('RIFF');
  }
  expect(
    decodeBase64('a sentence that is long enough, but it has spaces and commas in it, so no'),
  ).toBeNull();
});

test('JSON keys that are bytes are refused in words', () => {
  expect(() => writeJson(new Dictionary([[new Bytes(new MemoryBytes(bytes('k'))), 1]]))).toThrow(
    /msgpack/,
  );
});
