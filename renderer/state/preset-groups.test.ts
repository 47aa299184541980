import { expect, test } from 'vitest';
import { moved } from './preset-groups.ts';

const groups = [{ requests: ['a', 'b'] }, { requests: ['c'] }, { requests: ['d', 'e'] }];
const after = (one: string, by: -1 | 1): string | undefined => moved(groups, one, by)?.join('');

test('a preset moves among those of its model, and at their end takes them all past the next model’s', () => {
  expect(after('a', 1)).toBe('bacde');
  expect(after('b', 1)).toBe('cabde');
  expect(after('c', -1)).toBe('cabde');
  expect(after('c', 1)).toBe('abdec');
  expect(after('d', 1)).toBe('abced');
});

test('at the end of all there is nowhere to go', () => {
  expect(after('a', -1)).toBeUndefined();
  expect(after('e', 1)).toBeUndefined();
});
