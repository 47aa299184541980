import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wholeFile } from '../files/byte-source.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { readJsonFile, type JsonFile } from './json-file.ts';
import { JsonError, readJson } from './json-read.ts';
import { Bytes, Dictionary } from './value.ts';

type Seen = JsonFile & { offered: string[] };

/** Reads a text through a file; `takes` says which of the offered long texts are moved out. */
async function read(json: string | Uint8Array, takes: (text: string) => boolean): Promise<Seen> {
  await using scratch = await scratchDirectory();
  const path = join(scratch.path, 'a.json');
  await writeFile(path, json);
  const offered: string[] = [];
  const file = await wholeFile(path);
  const result = await readJsonFile(file, async (base64) => {
    const text = Buffer.from(await base64.read(0, base64.size)).toString();
    offered.push(text);
    return takes(text) ? base64 : null;
  });
  return { ...result, offered };
}

const sizeOf = (value: unknown): number => (value instanceof Bytes ? value.source.size : -1);

test('long texts that are taken become bytes in their place, the rest is read as ever', async () => {
  const long = 'A'.repeat(100_000);
  const other = 'é"\\'.repeat(30_000);
  const json = JSON.stringify({ a: 1, b: long, c: [other, long, 'x'], 'd\\': 'short' });
  const { value, offered, isCut } = await read(json, (text) => text === long);
  expect(offered).toEqual([long, JSON.stringify(other).slice(1, -1), long]);
  expect(isCut).toBe(false);
  const map = value as Dictionary;
  expect(map.entries.map(([key]) => key)).toEqual(['a', 'b', 'c', 'd\\']);
  expect(sizeOf(map.get('b'))).toBe(long.length);
  const list = map.get('c') as unknown[];
  expect(list[0]).toBe(other);
  expect(sizeOf(list[1])).toBe(long.length);
  expect(list[2]).toBe('x');
});

test('a quote, a backslash or an escape at the edge of what is read at once is no trap', async () => {
  const edge = 1024 * 1024;
  for (let shift = -4; shift <= 2; shift += 1) {
    for (const special of ['\\"', '\\\\', '"', '\\\\\\"']) {
      const text = JSON.parse(`"${special === '"' ? 'x' : special}"`) as string;
      const source = ['y'.repeat(edge + shift - 2), text, 'z'.repeat(70_000), text];
      const { value } = await read(JSON.stringify(source), () => false);
      expect(value).toEqual(source);
      const joined = [source.join(''), 1];
      expect((await read(JSON.stringify(joined), () => false)).value).toEqual(joined);
    }
  }
});

test('a text that stops early gives everything that came', () => {
  const keep = (text: string): unknown => readJson(text, { keepCut: true });
  expect(keep('[1, [2, "th')).toEqual([1, [2, 'th']]);
  expect(keep('[1, "a\\')).toEqual([1, 'a']);
  expect(keep('["\\u00')).toEqual(['']);
  expect(keep('[true, fal')).toEqual([true]);
  expect(keep('[1,')).toEqual([1]);
  expect(keep('{"a": 1, "b"')).toEqual(new Dictionary([['a', 1]]));
  expect(keep('{"a": {"b": [')).toEqual(new Dictionary([['a', new Dictionary([['b', []]])]]));
  expect(() => keep('[1 2')).toThrow(JsonError);
  expect(() => keep('')).toThrow(JsonError);
});

test('every beginning of a JSON text is either read or known to be cut', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, at) => {
      const start = text.slice(0, at % text.length).trimStart();
      try {
        readJson(start);
      } catch (error) {
        expect(error).toMatchObject({ isCut: true });
      }
    }),
  );
});

test('a long sound that is cut off is still given', async () => {
  const { value, isCut } = await read(`{"n":1,"audio":"${'A'.repeat(90_000)}`, () => true);
  expect(isCut).toBe(true);
  expect(sizeOf((value as Dictionary).get('audio'))).toBe(90_000);
});

test('bytes that are no UTF-8 are shown as such and said', async () => {
  const bytes = Buffer.from([0x5b, 0x22, 0x61, 0xff, 0x62, 0x22, 0x5d]);
  expect(await read(bytes, () => false)).toMatchObject({ value: ['a\ufffdb'], isMended: true });
  expect(await read('\ufeff["\ufffd"]', () => false)).toMatchObject({ isMended: false });
});
