import { describe, expect, test } from 'vitest';
import { toSrt, toText, toVtt } from './subtitles.ts';

const segments = [
  { start: 0, end: 1.5, text: 'Four score' },
  { start: 1.5, end: 3, text: 'Ann: and seven' },
];

describe('a transcript becomes', () => {
  test('text, a line each, with who speaks', () => {
    expect(toText(segments)).toBe('Four score\nAnn: and seven\n');
    expect(toText([])).toBe('');
  });

  test('SubRip, numbered from 1', () => {
    expect(toSrt(segments)).toBe(
      '1\n00:00:00,000 --> 00:00:01,500\nFour score\n\n2\n00:00:01,500 --> 00:00:03,000\nAnn: and seven\n',
    );
  });

  test('WebVTT', () => {
    expect(toVtt(segments)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nFour score\n\n00:00:01.500 --> 00:00:03.000\nAnn: and seven\n',
    );
    expect(toVtt([])).toBe('WEBVTT\n');
  });
});

describe('in subtitles', () => {
  const times = (start: number, end: number | null): string =>
    toSrt([{ start, end, text: 'a' }]).split('\n')[1] ?? '';

  test('times are rounded to milliseconds as a whole, and hours are counted on', () => {
    expect(times(59.9996, 3599.9995)).toBe('00:01:00,000 --> 01:00:00,000');
    expect(times(3_661.0014, 359_999.5)).toBe('01:01:01,001 --> 99:59:59,500');
    expect(times(-1, 0.1 + 0.2)).toBe('00:00:00,000 --> 00:00:00,300');
  });

  test('a line without an end, or that ends before it begins, lasts to the next one, and the last for a moment', () => {
    const lines = toSrt([
      { start: 1, end: null, text: 'a' },
      { start: 4, end: 2, text: 'b' },
      { start: 5, end: null, text: 'c' },
    ]);
    expect(lines.match(/.*-->.*/g)).toEqual([
      '00:00:01,000 --> 00:00:04,000',
      '00:00:04,000 --> 00:00:05,000',
      '00:00:05,000 --> 00:00:08,000',
    ]);
  });

  test('an empty line is left out and not counted', () => {
    const lines = [{ start: 0, end: 1, text: '' }, ...segments];
    expect(toSrt(lines)).toBe(toSrt(segments));
    expect(toVtt(lines)).toBe(toVtt(segments));
    expect(toText(lines)).toBe(toText(segments));
  });

  test('nothing that is said ends a line or makes another', () => {
    const odd = [{ start: 0, end: 1, text: 'a\n\n1\n00:00:00,000 --> <b>&' }];
    expect(toSrt(odd)).toBe('1\n00:00:00,000 --> 00:00:01,000\na\n1\n00:00:00,000 → <b>&\n');
    expect(toVtt(odd)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.000\na\n1\n00:00:00,000 --&gt; &lt;b&gt;&amp;\n',
    );
  });
});
