import { describe, expect, it } from 'vitest';
import type { OutputValue } from '../../electron/contract/run.ts';
import { findTranscript, type Segment } from './transcript.ts';

const segments = [
  { id: 0, start: 0, end: 1.5, text: ' Four score' },
  { id: 1, start: 1.5, end: 3, text: ' and seven' },
];
const read = [
  { start: 0, end: 1.5, text: 'Four score' },
  { start: 1.5, end: 3, text: 'and seven' },
];

const segmentsOf = (output: OutputValue): Segment[] | null =>
  findTranscript(output)?.segments ?? null;

describe('the transcript in an answer', () => {
  it('is read from every spelling of the times that models use', () => {
    expect(segmentsOf({ text: 'x', segments })).toEqual(read);
    expect(segmentsOf({ segments: [{ start_time: 0, end_time: 2, text: 'a' }] })).toEqual([
      { start: 0, end: 2, text: 'a' },
    ]);
    expect(segmentsOf({ segments: [{ start_time_sec: 1, end_time_sec: 2, text: 'a' }] })).toEqual([
      { start: 1, end: 2, text: 'a' },
    ]);
    expect(segmentsOf({ segments: [{ start: 3, text: 'a' }] })).toEqual([
      { start: 3, end: null, text: 'a' },
    ]);
  });

  it('is known under every name that models give it, and as the whole answer', () => {
    for (const name of ['segments', 'chunks', 'model_output', 'utterances']) {
      expect(segmentsOf({ [name]: segments })).toEqual(read);
    }
    expect(segmentsOf(segments)).toEqual(read);
    expect(segmentsOf({ chunks: [{ timestamp: [1, null], text: ' a', speaker: 'B' }] })).toEqual([
      { start: 1, end: null, text: 'B: a' },
    ]);
  });

  it('is found inside other maps and lists, but not at any depth', () => {
    expect(segmentsOf({ result: [{ segments }] })).toEqual(read);
    expect(segmentsOf({ a: { b: { c: { d: { segments } } } } })).toBeNull();
  });

  it('is not made of a list that only has the name', () => {
    expect(segmentsOf({ segments: [] })).toBeNull();
    expect(segmentsOf({ segments: [1, 2] })).toBeNull();
    expect(segmentsOf({ segments: [{ start: 0, text: 'a' }, { text: 'no time' }] })).toBeNull();
    expect(segmentsOf({ segments: 'text' })).toBeNull();
    expect(segmentsOf('segments')).toBeNull();
  });
});
