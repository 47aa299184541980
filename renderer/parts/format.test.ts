import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatRate,
  formatTime,
  formatTook,
  plural,
  spokenTime,
} from './format.ts';

describe('formatting numbers for people', () => {
  it('shows sizes in powers of ten and never as a thousand of a unit', () => {
    expect(
      [0, 999, 1000, 176_043, 999_499, 999_500, 1_230_000, 98_765_432, 2e9].map(formatBytes),
    ).toEqual(['0 B', '999 B', '1 KB', '176 KB', '999 KB', '1.0 MB', '1.2 MB', '99 MB', '2.0 GB']);
  });

  it('shows positions in tenths and carries them into the minute', () => {
    expect([0, 7.41, 11, 59.94, 59.97, 3660, 7384.52].map(formatTime)).toEqual([
      '0:00.0',
      '0:07.4',
      '0:11.0',
      '0:59.9',
      '1:00.0',
      '61:00.0',
      '2:03:04.5',
    ]);
  });

  it('shows a position that is no number as the start', () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, -1].map(formatTime)).toEqual([
      '0:00.0',
      '0:00.0',
      '0:00.0',
    ]);
  });

  it('shows durations with the precision that their length deserves', () => {
    expect([0, 310, 1840, 9996, 12_440, 99_960, 188_000].map(formatTook)).toEqual([
      '0.00 s',
      '0.31 s',
      '1.84 s',
      '10.0 s',
      '12.4 s',
      '1 min 40 s',
      '3 min 08 s',
    ]);
  });

  it('shows counts grouped, rates in kHz, and words in the right number', () => {
    expect([formatCount(12_345_678), formatCount(999)]).toEqual(['12\u202f345\u202f678', '999']);
    expect([24_000, 44_100, 22_050].map(formatRate)).toEqual(['24 kHz', '44.1 kHz', '22.05 kHz']);
    expect([plural(1, 'item'), plural(0, 'item')]).toEqual(['1 item', '0 items']);
    expect([spokenTime(7.4), spokenTime(61)]).toEqual(['7 seconds', '1 minute 1 second']);
  });
});
