import { describe, expect, it } from 'vitest';
import { findTranscript } from './transcript.ts';

const segments = [
  { id: 0, start: 0, end: 1.5, text: ' Four score' },
  { id: 1, start: 1.5, end: 3, text: ' and seven' },
];
const read = [
  { start: 0, end: 1.5, text: 'Four score' },
  { start: 1.5, end: 3, text: 'and seven' },
];

describe('the transcript in an answer', () => {
  it('is read from every spelling of the times that models use', () => {
    expect(findTranscript({ text: 'x', segments })).toEqual(read);
    expect(findTranscript({ segments: [{ start_time: 0, end_time: 2, text: 'a' }] })).toEqual([
      { start: 0, end: 2, text: 'a' },
    ]);
    expect(
      findTranscript({ segments: [{ start_time_sec: 1, end_time_sec: 2, text: 'a' }] }),
    ).toEqual([{ start: 1, end: 2, text: 'a' }]);
    expect(findTranscript({ segments: [{ start: 3, text: 'a' }] })).toEqual([
      { start: 3, end: null, text: 'a' },
    ]);
  });

  it('is found inside other maps and lists, but not at any depth', () => {
    expect(findTranscript({ result: [{ segments }] })).toEqual(read);
    expect(findTranscript({ a: { b: { c: { d: { segments } } } } })).toBeNull();
  });

  it('is not made of a list that only has the name', () => {
    expect(findTranscript({ segments: [] })).toBeNull();
    expect(findTranscript({ segments: [1, 2] })).toBeNull();
    expect(findTranscript({ segments: [{ start: 0, text: 'a' }, { text: 'no time' }] })).toBeNull();
    expect(findTranscript({ segments: 'text' })).toBeNull();
    expect(findTranscript('segments')).toBeNull();
  });
});
