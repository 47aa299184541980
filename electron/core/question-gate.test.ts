import { expect, test } from 'vitest';
import { QuestionGate } from './question-gate.ts';

test('one question is open at a time, and one that failed is over', async () => {
  const gate = new QuestionGate(() => 0);
  const answer = Promise.withResolvers<string>();
  const first = gate.ask(() => answer.promise);
  await expect(gate.ask(() => Promise.resolve('x'))).rejects.toMatchObject({
    code: 'invalid_request',
  });
  answer.resolve('yes');
  expect(await first).toBe('yes');
  await expect(gate.ask(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await gate.ask(() => Promise.resolve('again'))).toBe('again');
});

test('whoever asks without end is stopped, and may ask again after a while', async () => {
  let now = 0;
  const gate = new QuestionGate(() => now);
  let shown = 0;
  for (let n = 0; n < 1000; n += 1) {
    await gate.ask(() => Promise.resolve((shown += 1))).catch(() => undefined);
  }
  expect(shown).toBe(10);
  now = 10_000;
  await gate.ask(() => Promise.resolve((shown += 1)));
  expect(shown).toBe(11);
});
