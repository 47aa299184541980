import { expect, test } from 'vitest';
import type { HostDecision } from './authorization.ts';
import { approvedBy, askOnce } from './host-question.ts';

const origin = 'https://my.example';
const key = { id: 'k1', last4: '1234', name: 'Studio' };

test('of a yes the host is remembered with the very key, of any other answer nothing', () => {
  expect(approvedBy({ origin, key }, 'send-key')).toEqual({
    origin,
    key: { id: 'k1', last4: '1234' },
  });
  expect(approvedBy({ origin, key }, 'send-without-key')).toBeNull();
  expect(approvedBy({ origin, key }, 'cancel')).toBeNull();
  expect(approvedBy({ origin, key: null }, 'send-without-key')).toEqual({ origin, key: null });
  expect(approvedBy({ origin, key: null }, 'cancel')).toBeNull();
});

test('runs that wait for the same answer ask once, and another key is another question', async () => {
  const asked: unknown[] = [];
  const answer = Promise.withResolvers<HostDecision>();
  const ask = askOnce((question) => {
    asked.push(question.key?.id);
    return answer.promise;
  });
  const both = [
    ask({ origin, key }),
    ask({ origin, key }),
    ask({ origin, key: { ...key, id: 'k2' } }),
  ];
  answer.resolve('send-key');
  expect(await Promise.all(both)).toEqual(['send-key', 'send-key', 'send-key']);
  expect(asked).toEqual(['k1', 'k2']);
  await ask({ origin, key });
  expect(asked).toEqual(['k1', 'k2', 'k1']);
});
