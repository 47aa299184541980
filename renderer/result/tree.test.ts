import { describe, expect, it } from 'vitest';
import type { OutputValue } from '../../electron/contract/run.ts';
import { isContainer, partOf, show } from './tree.ts';

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
    expect(show({ $type: 'array', dtype: 'float32', shape: [1, 256] })).toEqual({
      kind: 'plain',
      text: 'dtype float32 · shape [1, 256]',
      note: 'array',
    });
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
      { name: '200', value: 0 },
      { name: '201', value: 0 },
      { name: '202', value: 0 },
    ]);
  });
});
