import { expect, test } from 'vitest';
import type { Handlers } from '../contract/requests.ts';
import { dispatch } from './request-server.ts';

const deployment = { kind: 'production' };
const model = { kind: 'model', modelId: 'abc', deployment };
const preset = {
  ...{ name: 'a', auth: 'api-key', body: 'json', answer: 'auto', fields: [] },
  target: { kind: 'model', modelId: 'a', deployment },
};

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
    ['preset.create', { preset: { ...preset, path: '/etc/passwd' } }],
    ['preset.create', { preset: { ...preset, target: { kind: 'demo', model: 'echo' } } }],
    ['preset.update', { preset: { ...preset, id: '../x' } }],
    ['preset.restore', { removed: { preset, after: null } }],
    ['presets.reorder', { ids: Array(2001).fill('a') }],
    ['presets.export', { ids: ['a'], path: '/etc/passwd' }],
    ['presets.import', { text: 'x'.repeat(4 * 1024 * 1024 + 1) }],
    ['presets.importFile', { inputId: '/etc/passwd' }],
    ['starter.add', { id: 'kokoro', target: { ...model, modelId: 'x@evil.example/' } }],
    ['starter.add', { id: 'kokoro', target: { ...model, path: '../x' } }],
    ['starter.add', { id: 'kokoro', target: { kind: 'file', url: 'file:///etc/passwd' } }],
    ['menu.update', { actions: [{ id: 'format-disk', can: true }], presets: [] }],
    ['menu.update', { actions: [{ id: 'run', can: true, keys: 'x'.repeat(300) }], presets: [] }],
    ['menu.update', { actions: [], presets: Array(10).fill('a') }],
    ['menu.update', { actions: [], presets: ['x'.repeat(101)] }],
    ['app.openWebsite', { url: 'https://evil.example' }],
    ['app.copyDiagnostics', { to: '/etc/passwd' }],
    ['part.save', { runId: 'a', part: 'x', as: 'received', to: '/etc/passwd' }],
  ];
  for (const [route, input] of wrong) {
    await expect(dispatch(handlers, route, input)).rejects.toMatchObject({
      code: 'invalid_request',
    });
  }
  expect(reached).toBe(0);
  await dispatch(handlers, 'run.cancel', { runId: 'a' });
  await dispatch(handlers, 'preset.create', { preset });
  await dispatch(handlers, 'starter.add', { id: 'kokoro', target: model });
  expect(reached).toBe(3);
});
