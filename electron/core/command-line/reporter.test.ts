import { expect, test } from 'vitest';
import type { RunOutcome } from '../../contract/run.ts';
import { humanReporter, type Reporter } from './reporter.ts';

const outcome: RunOutcome = {
  runId: 'r',
  state: 'done',
  warnings: [],
  url: 'demo:echo',
  sent: 1,
  received: 1,
  timings: { total: 1 },
  headers: [],
  parts: [],
  text: 'tab\t\u009b2J\u202eend\n',
};

function told(isTerminal: boolean, tell: (reporter: Reporter) => void) {
  const written = { out: '', error: '' };
  const out = (text: string): void => void (written.out += text);
  const error = (text: string): void => void (written.error += text);
  tell(humanReporter({ out, error, isTerminal, isOutTerminal: isTerminal }));
  return written;
}

test('an answer’s text is made harmless for a terminal, and left as it is for a file', () => {
  const answer = (reporter: Reporter): void => {
    reporter.answer(outcome);
  };
  expect(told(true, answer).out).toBe('tab\t\ufffd2J\ufffdend\n');
  expect(told(false, answer).out).toBe(outcome.text);
});

test('what a server said of a failure is made harmless, line by line', () => {
  const { error } = told(false, (reporter) => {
    reporter.failed({
      code: 'model_error',
      message: 'It failed.',
      detail: 'a\u001b[31m\nb\r\u0000',
    });
  });
  expect(error).toBe('It failed.\na\ufffd[31m\nb\ufffd\ufffd\n(model_error)\n');
});

test('the progress line is drawn over, not through', () => {
  const { error } = told(true, (reporter) => {
    reporter.progress({ runId: 'r', phase: 'receiving', sent: 0, toSend: 0, received: 999 });
    reporter.failed({ code: 'timed_out', message: 'Too late.' });
  });
  expect(error.startsWith(`\rReceiving 999 B\r${' '.repeat(15)}\rToo late.\n`)).toBe(true);
});
