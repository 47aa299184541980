import { expect, test } from 'vitest';
import type { Handlers } from '../contract/requests.ts';
import { dispatch } from './request-server.ts';

test('unknown routes and malformed input reach no handler', async () => {
  let reached = 0;
  // Every handler there could be counts, so that none can be reached unseen.
  const handlers = new Proxy({} as Handlers, {
    get: () => () => {
      reached += 1;
      return Promise.resolve(null);
    },
  });
  const wrong: [route: unknown, input: unknown][] = [
    ['constructor', {}],
    ['__proto__', {}],
    ['toString', {}],
    [null, {}],
    ['run.cancel', {}],
    ['run.cancel', { runId: '../../etc' }],
    ['run.cancel', { runId: 'a', path: '/etc/passwd' }],
    ['app.state', { path: '/etc/passwd' }],
    [
      'run.start',
      { runId: 'a', intent: { target: { kind: 'model', modelId: 'x@evil.example/' } } },
    ],
    ['part.save', { runId: 'a', part: 'x', as: 'received', to: '/etc/passwd' }],
  ];
  for (const [route, input] of wrong) {
    await expect(dispatch(handlers, route, input)).rejects.toMatchObject({
      code: 'invalid_request',
    });
  }
  expect(reached).toBe(0);
  await dispatch(handlers, 'run.cancel', { runId: 'a' });
  expect(reached).toBe(1);
});
