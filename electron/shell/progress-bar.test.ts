import { expect, test } from 'vitest';
import { barFor } from './progress-bar.ts';

const flying = (fraction: number | null) => ({ count: 1, fraction });
const landed = { count: 0, fraction: null };

test('an upload is shown as far as it is', () => {
  for (const platform of ['darwin', 'win32', 'linux'] as const) {
    expect(barFor(flying(0.25), false, platform)).toEqual({ value: 0.25, mode: 'normal' });
    expect(barFor(flying(0), true, platform)).toEqual({ value: 0, mode: 'normal' });
    expect(barFor(landed, false, platform)).toEqual({ value: -1, mode: 'none' });
  }
});

test('what has no end in sight goes on where the system can show that, and nothing is shown on Linux', () => {
  expect(barFor(flying(null), false, 'darwin')).toEqual({ value: 2, mode: 'indeterminate' });
  expect(barFor(flying(null), false, 'win32')).toEqual({ value: 2, mode: 'indeterminate' });
  expect(barFor(flying(null), false, 'linux').value).toBe(-1);
});

test('a run that failed unseen is shown on Windows, once no other is in flight', () => {
  expect(barFor(landed, true, 'win32')).toEqual({ value: 1, mode: 'error' });
  expect(barFor(flying(0.5), true, 'win32').mode).toBe('normal');
  expect(barFor(landed, true, 'darwin').value).toBe(-1);
  expect(barFor(landed, true, 'linux').value).toBe(-1);
});
