import { expect, test } from 'vitest';
import { headingsOf, splitName } from './field-name.ts';

test('a name is told apart from the maps that it lies in, and keeps the marks of a list', () => {
  const split = (name: string): string => {
    const { within, last } = splitName(name);
    return [...within, last].join(' › ');
  };
  expect(split('text')).toBe('text');
  expect(split('whisper_input[whisper_params][prompt]')).toBe(
    'whisper_input › whisper_params › prompt',
  );
  expect(split('prompts[]')).toBe('prompts[]');
  expect(split('messages[0][content]')).toBe('messages[0] › content');
  expect(split('a[b][][]')).toBe('a › b[][]');
});

test('a name that is still being typed, with brackets that don’t pair up, stays whole', () => {
  for (const name of ['', 'a[b', 'a]', '[a]', 'a[b]c', 'a[b[c]]']) {
    expect(splitName(name)).toEqual({ within: [], last: name });
  }
});

test('what fields lie in is said once for those that follow each other', () => {
  expect(headingsOf(['a[x]', 'a[y]', 'b', 'a[z]', 'a[b][c]', 'd[]'])).toEqual([
    'a',
    '',
    '',
    'a',
    'a › b',
    '',
  ]);
});
