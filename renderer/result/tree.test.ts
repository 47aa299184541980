import { describe, expect, it } from 'vitest';
import type { OutputValue } from '../../electron/contract/run.ts';
import { flawsWithin, isContainer, partOf, show } from './tree.ts';

const names = (value: OutputValue): string[] => {
  const shown = show(value);
  return isContainer(shown) ? shown.children(0, 1000).map(({ name }) => name) : [];
};

describe('the tree of an answer', () => {
  it('shows bytes as what they are, with the part they became', () => {
    expect(show({ $type: 'bytes', length: 12, part: 'byte_data' })).toEqual({
      kind: 'bytes',
      length: 12,
      part: 'byte_data',
    });
    expect(partOf({ $type: 'bytes', length: 12 })).toBeNull();
    expect(partOf({ $type: 'bytes', length: 12, part: 'a' })).toBe('a');
  });

  it('tells text that looks like a number from a number', () => {
    expect(show('24000')).toEqual({ kind: 'text', text: '24000', note: 'text' });
    expect(show(24_000)).toEqual({ kind: 'plain', text: '24000', note: '' });
    expect(show('hello')).toMatchObject({ note: '' });
    expect(show('')).toMatchObject({ note: 'empty text' });
  });

  it('shows what JSON has no word for with its type beside it', () => {
    expect(show({ $type: 'float', value: 'NaN' })).toEqual({
      kind: 'plain',
      text: 'NaN',
      note: 'float',
    });
    const notes: [OutputValue, string, string][] = [
      [{ $type: 'datetime', value: '2024-02-29T12:34:56Z' }, '2024-02-29T12:34:56Z', 'datetime'],
      [{ $type: 'decimal', value: '1.10' }, '1.10', 'decimal'],
      [{ $type: 'complex', re: 1.5, im: -2 }, '1.5-2j', 'complex'],
      [
        { $type: 'timedelta', days: -1, seconds: 2, microseconds: 5e5 },
        '-1 days 2.5 s',
        'timedelta',
      ],
      [{ $type: 'scalar', dtype: '<f4', value: 1.5 }, '1.5', 'float32'],
      [
        { $type: 'opaque', what: 'msgpack extension 5', length: 4 },
        'msgpack extension 5',
        'opaque, 4 bytes',
      ],
    ];
    for (const [value, text, note] of notes) {
      expect(show(value)).toEqual({ kind: 'plain', text, note });
    }
  });

  it('opens a map whose keys are no text, or are taken', () => {
    const value: OutputValue = {
      $type: 'map',
      entries: [
        [1, 'one'],
        ['$type', 'a key of the model'],
        [[1, 2], null],
      ],
    };
    expect(names(value)).toEqual(['1', '$type', 'list of 2']);
  });

  it('keeps hostile names as plain names', () => {
    const value = JSON.parse('{"__proto__": 1, "constructor": 2, "": 3}') as OutputValue;
    expect(names(value)).toEqual(['__proto__', 'constructor', '']);
  });

  it('makes only the children asked for', () => {
    const shown = show(Array.from({ length: 100_000 }, () => 0));
    expect(isContainer(shown) && shown.children(200, 203)).toEqual([
      { name: '200', value: 0, step: 200 },
      { name: '201', value: 0, step: 201 },
      { name: '202', value: 0, step: 202 },
    ]);
  });

  it('shows an array as its dtype, its shape and its first values, each at its place', () => {
    const values = [0.5, { $type: 'float', value: 'NaN' }, 2, 3, 4, 5];
    const array = { $type: 'ndarray', dtype: '<f4', shape: [1000, 3], values, truncated: true };
    const shown = show(array);
    expect(isContainer(shown) && shown.array).toEqual({
      ...{ type: 'float32 [1000, 3]', first: '0.5, NaN, 2, 3, 4, 5, …', part: null, untold: 2994 },
    });
    expect(names(array)).toEqual(['0, 0', '0, 1', '0, 2', '1, 0', '1, 1', '1, 2']);
    const type = (dtype: OutputValue) => {
      const it = show({ ...array, dtype });
      return isContainer(it) ? it.array?.type : '';
    };
    expect([
      type('>i2'),
      type('|b1'),
      type('<U8'),
      type([
        ['x', '<f4'],
        ['', '|V3'],
      ]),
    ]).toEqual(['int16 big-endian [1000, 3]', 'bool [1000, 3]', '<U8 [1000, 3]', '{x} [1000, 3]']);
  });

  it('finds a flaw at its place in maps, lists and maps of entries', () => {
    const flaws = [
      { at: ['a', 0], flaw: 'first' },
      { at: ['b'], flaw: 'second' },
    ];
    expect(flawsWithin(flawsWithin(flaws, 'a'), 0)).toEqual([{ at: [], flaw: 'first' }]);
    expect(flawsWithin(flaws, 'c')).toEqual([]);
    const shown = show({ $type: 'map', entries: [[7, 'x']] });
    expect(isContainer(shown) && shown.children(0, 9)).toEqual([
      { name: '7', value: 'x', step: 0 },
    ]);
  });
});
