import { expect, test } from 'vitest';
import { noteOf } from './run-note.ts';

const run = { runId: 'a', model: 'abc123', took: 12_440 };

test('a note says what ended, how, after how long and on which model', () => {
  expect(noteOf({ ...run, state: 'done', preset: 'Whisper' })).toEqual({
    ...{ title: 'Whisper', body: 'Done in 12.4 s · abc123' },
  });
  expect(noteOf({ ...run, state: 'failed', took: 188_000 })).toEqual({
    ...{ title: 'abc123', body: 'Failed after 3 min 8 s' },
  });
  expect(noteOf({ ...run, state: 'done', model: 'demo:echo', took: 59_960 })).toEqual({
    ...{ title: 'Demo: Echo', body: 'Done in 1 min 0 s' },
  });
});

test('what the user cancelled is not told', () => {
  expect(noteOf({ ...run, state: 'cancelled' })).toBeNull();
});
