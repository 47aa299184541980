import { expect, test } from 'vitest';
import { defaultPace, retryAfter, retryWait } from './retry.ts';

const pace = { ...defaultPace, random: () => 0 };
const now = Date.parse('2026-03-01T12:00:00Z');

test('waits double from one second to thirty', () => {
  const waits = [1, 2, 3, 4, 5, 6, 20].map((failed) => retryWait({ why: 'busy' }, failed, pace));
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

test('chance lengthens a wait by at most half and never past the longest', () => {
  const late = { ...pace, random: () => 0.999 };
  expect(retryWait({ why: 'busy' }, 1, late)).toBe(1500);
  expect(retryWait({ why: 'busy' }, 9, late)).toBe(30_000);
});

test('what the server asks for counts when it is longer, and ends the tries when it is too long', () => {
  expect(retryWait({ why: 'busy', after: 7000 }, 1, pace)).toBe(7000);
  expect(retryWait({ why: 'busy', after: 0 }, 2, pace)).toBe(2000);
  expect(retryWait({ why: 'busy', after: 300_001 }, 1, pace)).toBeNull();
});

test.each([
  ['7', 7000],
  [' 0 ', 0],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['-1', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  [undefined, undefined],
])('Retry-After: %s', (header, milliseconds) => {
  expect(retryAfter(header, now)).toBe(milliseconds);
});
