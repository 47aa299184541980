import { expect, test } from 'vitest';
import { isLongText, jsonProblem, numberProblem, rateProblem } from './value-problems.ts';

test('a sample rate is a whole number of Hz that sound can have', () => {
  for (const rate of [1000, 24_000, 44_100, 768_000]) expect(rateProblem(rate)).toBe('');
  for (const rate of [null, 0, -1, 999, 44_100.5, 1e9, Number.NaN]) {
    expect(rateProblem(rate)).toBe('A whole number from 1000 to 768000.');
  }
});

test('numbers and JSON are what JSON takes for one', () => {
  for (const text of ['1', '-1.0', '1e3']) expect(numberProblem(text)).toBe('');
  for (const text of ['', '01', '.5', 'NaN']) expect(numberProblem(text)).not.toBe('');
  expect(jsonProblem('{"a": [1]}')).toBe('');
  for (const text of ['', '{', "{'a': 1}"]) expect(jsonProblem(text)).not.toBe('');
});

test('a sentence is long, and so is one word without an end; a word or two are not', () => {
  for (const text of ['', 'auto', 'Claribel Dervla', '[3.0, 1.0]']) {
    expect(isLongText(text)).toBe(false);
  }
  for (const text of ['happy rock, with a guitar', 'x'.repeat(61)]) {
    expect(isLongText(text)).toBe(true);
  }
});
