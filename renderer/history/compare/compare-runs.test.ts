import { expect, test } from 'vitest';
import type { HistoryEntry } from '../../../electron/contract/history.ts';
import type { Field } from '../../../electron/contract/intent.ts';
import { compareRuns } from './compare-runs.ts';
import { wordDiff } from './word-diff.ts';

function entry(fields: Field[], more: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    row: {
      ...{ runId: 'one', startedAt: '2026-11-24T09:00:00.000Z', state: 'done', by: 'app' },
      ...{ model: 'abc', deployment: 'production', inputs: [], parts: [], total: 1500 },
      ...{ sent: 10, received: 20, size: 30, star: false },
    },
    notes: '',
    intent: {
      target: { kind: 'model', modelId: 'abc', deployment: { kind: 'production' } },
      ...{ auth: 'api-key', body: 'json', answer: 'auto', fields },
    },
    inputs: [],
    outcome: {
      ...{ runId: 'one', state: 'done', warnings: [], url: '', sent: 10, received: 20 },
      ...{ timings: { total: 1500 }, headers: [], parts: [] },
    },
    ...more,
  };
}

const text = (name: string, value: string): Field => ({
  name,
  value: { type: 'text', text: value },
});
const json = (name: string, value: string): Field => ({
  name,
  value: { type: 'json', text: value },
});

function rows(a: HistoryEntry, b: HistoryEntry, group: string): string[] {
  const found = compareRuns(a, b).find(({ name }) => name === group);
  return (found?.rows ?? []).map(({ what, a, b, verdict }) => `${what}: ${a} | ${b} ${verdict}`);
}

test('fields are compared by name, wherever they stand, and those of one run alone are said to be', () => {
  const a = entry([text('voice', 'af'), text('old', 'x'), text('same', 's')]);
  const b = entry([text('same', 's'), text('voice', 'bf'), text('new', 'y')]);
  expect(rows(a, b, 'Fields')).toEqual([
    'voice: af | bf different',
    'old: x | undefined only-a',
    'same: s | s same',
    'new: undefined | y only-b',
  ]);
});

test('JSON is compared by what it says, and numbers whose text decides their type stay as they are', () => {
  const a = entry([json('list', '[1,2]'), json('rate', '{"speed":1.0}')]);
  const b = entry([json('list', '[1, 2]'), json('rate', '{"speed":1}')]);
  expect(rows(a, b, 'Fields').map((row) => row.split(' ').at(-1))).toEqual(['same', 'different']);
});

test('a file is told by its name, size and hash, and one of the same name with other bytes is different', () => {
  const file = (sha256: string): HistoryEntry =>
    entry([{ name: 'audio', value: { type: 'file', inputId: null } }], {
      inputs: [{ name: 'take.wav', size: 1_200_000, sha256 }],
    });
  expect(rows(file('a'.repeat(64)), file('b'.repeat(64)), 'Fields')).toEqual([
    `audio: take.wav\n1.2 MB\nSHA-256 ${'a'.repeat(16)}… | take.wav\n1.2 MB\nSHA-256 ${'b'.repeat(16)}… different`,
  ]);
});

test('two texts are cut where they differ, by words, and each stays whole when read without the cuts', () => {
  const [one, other] = ['Four score and seven years', 'Four score and eight long years'];
  const { a, b } = wordDiff(one, other);
  expect(a.map(({ text: said }) => said).join('')).toBe(one);
  expect(b.map(({ text: said }) => said).join('')).toBe(other);
  expect(a.filter(({ isOwn }) => isOwn).map(({ text: said }) => said)).toEqual(['seven']);
  expect(
    b
      .filter(({ isOwn }) => isOwn)
      .map(({ text: said }) => said)
      .join(''),
  ).toBe('eightlong ');
});

test('texts too long to be compared word by word are given whole', () => {
  const long = 'word '.repeat(30_000);
  expect(wordDiff(long, 'other').b).toEqual([{ text: 'other', isOwn: true }]);
});

test('bytes in an answer are told by their size, wherever they are', () => {
  const bytes = { $type: 'bytes', length: 3000 };
  const { outcome } = entry([]);
  const a = entry([], { outcome: { ...outcome, output: { data: bytes, list: [bytes, 1] } } });
  const told = rows(a, a, 'Answer');
  expect(told).toContain('data: bytes, 3 KB | bytes, 3 KB same');
  expect(told.join('\n')).toContain('[\n  "bytes, 3 KB",\n  1\n]');
});
