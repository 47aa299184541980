import { expect, test } from 'vitest';
import { dayWords } from './day-words.ts';

test('a time is told as short as it can be understood', () => {
  const now = new Date(2026, 10, 24, 9, 0);
  expect(dayWords(new Date(2026, 10, 24, 8, 5), now)).toBe('08:05');
  expect(dayWords(new Date(2026, 10, 23, 23, 59), now)).toBe('Mon 23:59');
  expect(dayWords(new Date(2026, 1, 3, 14, 5), now)).toBe('3 Feb 14:05');
  expect(dayWords(new Date(2024, 1, 3, 14, 5), now)).toBe('3 Feb 2024');
  expect(dayWords(new Date(2026, 10, 24, 8, 5, 7), now, 'seconds')).toBe('08:05:07');
  expect(dayWords(new Date(2026, 10, 23, 23, 59), now, 'seconds')).toBe('Mon 23:59:00');
});
