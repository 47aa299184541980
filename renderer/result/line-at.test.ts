import { expect, test } from 'vitest';
import { lineFinder } from './line-at.ts';

test('the line that is being said is found, also among lines out of order', () => {
  const at = lineFinder([
    { start: 2, end: 3, text: 'b' },
    { start: 0.5, end: 1, text: 'a' },
    { start: 3, end: null, text: 'c' },
  ]);
  expect([0, 0.5, 0.99, 1, 1.9, 2, 2.99, 3, 99].map(at)).toEqual([-1, 1, 1, -1, -1, 0, 0, 2, 2]);
  expect(lineFinder([])(1)).toBe(-1);
});
