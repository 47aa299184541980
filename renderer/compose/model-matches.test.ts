import { expect, test } from 'vitest';
import { modelMatches, modelNamed } from './model-matches.ts';

const models = [
  { id: 'w1', name: 'Whisper large' },
  { id: 'k1', name: 'Kokoro' },
  { id: 'w2', name: 'faster-whisper' },
];
const names = (typed: string, recent: string[] = []): string[] =>
  modelMatches(models, typed, recent).shown.map(({ name }) => name);

test('models that were used lately come first, the others by name', () => {
  expect(names('')).toEqual(['faster-whisper', 'Kokoro', 'Whisper large']);
  expect(names('', ['gone', 'w1', 'k1'])).toEqual(['Whisper large', 'Kokoro', 'faster-whisper']);
});

test('all the words are looked for, in the name and the id, in any case', () => {
  expect(names('WHISPER')).toEqual(['faster-whisper', 'Whisper large']);
  expect(names('whisper w1')).toEqual(['Whisper large']);
  expect(names('https://model-w1')).toEqual([]);
});

test('no more are drawn than can be looked through, and how many are left is told', () => {
  const many = Array.from({ length: 100 }, (_, at) => ({ id: `m${at}`, name: `Model ${at}` }));
  const { shown, more } = modelMatches(many, 'model', []);
  expect([shown.length, more]).toEqual([60, 40]);
});

test('a whole name means its model, unless two are called so or it is the id of another', () => {
  expect(modelNamed(models, ' whisper LARGE ')?.id).toBe('w1');
  expect(modelNamed(models, 'whisper')).toBeUndefined();
  expect(modelNamed([...models, { id: 'k2', name: 'Kokoro' }], 'Kokoro')).toBeUndefined();
  expect(modelNamed([...models, { id: 'x', name: 'k1' }], 'k1')).toBeUndefined();
});
