import { expect, test } from 'vitest';
import { spanOf } from './history-span.ts';

const now = new Date(2026, 10, 24, 9, 30);
const at = (month: number, day: number): number => new Date(2026, month - 1, day).getTime();

test('days begin at this computer’s midnight, and both days of a span are counted in', () => {
  const days = { fromDay: '2026-03-28', toDay: '2026-03-29' };
  expect(spanOf({ ...days, when: 'any' }, now)).toEqual({});
  expect(spanOf({ ...days, when: 'today' }, now)).toEqual({ from: at(11, 24) });
  expect(spanOf({ ...days, when: 'yesterday' }, now)).toEqual({ from: at(11, 23), to: at(11, 24) });
  expect(spanOf({ ...days, when: 'week' }, now)).toEqual({ from: at(11, 18) });
  expect(spanOf({ ...days, when: 'month' }, now)).toEqual({ from: at(10, 26) });
  expect(spanOf({ ...days, when: 'between' }, now)).toEqual({ from: at(3, 28), to: at(3, 30) });
});

test('a day that is not chosen yet, or can’t be, leaves its side open', () => {
  expect(spanOf({ when: 'between', fromDay: '', toDay: '2026-03-29' }, now)).toEqual({
    ...{ from: undefined, to: at(3, 30) },
  });
  expect(spanOf({ when: 'between', fromDay: 'soon', toDay: '' }, now)).toEqual({});
});
