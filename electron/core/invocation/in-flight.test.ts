import { expect, test } from 'vitest';
import { scratchCore } from '../testing/scratch-core.ts';
import { startModelServer } from '../testing/model-server.ts';
import { answerJson } from '../testing/model-answers.ts';
import type { RunOutcome, RunProgress } from '../../contract/run.ts';
import { InFlight, type Flight, type Landed } from './in-flight.ts';

const target = { kind: 'demo', model: 'echo' } as const;
const outcome = (state: RunOutcome['state']): RunOutcome => ({
  ...{ runId: 'a', state, warnings: [], url: '', sent: 0, received: 0 },
  ...{ timings: { total: 1500 }, headers: [], parts: [] },
});
const at = (phase: RunProgress['phase'], more: Partial<RunProgress> = {}): RunProgress => ({
  ...{ runId: 'a', phase, sent: 0, toSend: 0, received: 0 },
  ...more,
});

/** A run that is told how it goes and when it ends. */
function begin(inFlight: InFlight, runId = 'a', preset?: string) {
  const { promise, resolve, reject } = Promise.withResolvers<RunOutcome>();
  let tell: (progress: RunProgress) => void = () => undefined;
  const heard: RunProgress[] = [];
  const followed = inFlight.follow(
    {
      ...{ runId, intent: { target }, onProgress: (progress) => heard.push(progress) },
      ...(preset === undefined ? {} : { preset: { id: 'p', name: preset } }),
    },
    (onProgress) => {
      tell = onProgress;
      return promise;
    },
  );
  return {
    followed,
    tell: (progress: RunProgress) => {
      tell(progress);
    },
    resolve,
    reject,
    heard,
  };
}

function watched() {
  const logged: unknown[] = [];
  const flights: Flight[] = [];
  const landed: Landed[] = [];
  const inFlight = new InFlight((error) => logged.push(error));
  const stop = inFlight.listen({
    onChange: (flight) => flights.push(flight),
    onEnd: (run) => landed.push(run),
  });
  return { inFlight, logged, flights, landed, stop };
}

test('one run is followed from its start to its end, and all it tells is passed on', async () => {
  const { inFlight, flights, landed } = watched();
  const run = begin(inFlight, 'a', 'Whisper');
  run.tell(at('connecting'));
  run.tell(at('uploading', { sent: 25, toSend: 100 }));
  run.tell(at('waiting', { sent: 100, toSend: 100 }));
  run.tell(at('receiving', { received: 5, toReceive: 10 }));
  run.tell(at('receiving', { received: 6 }));
  run.resolve(outcome('done'));
  await run.followed;
  expect(flights).toEqual([
    { count: 1, fraction: null },
    { count: 1, fraction: 0.25 },
    { count: 1, fraction: null },
    { count: 1, fraction: 0.5 },
    { count: 1, fraction: null },
    { count: 0, fraction: null },
  ]);
  expect(landed).toEqual([
    { runId: 'a', state: 'done', model: 'demo:echo', preset: 'Whisper', took: 1500 },
  ]);
  expect(run.heard).toHaveLength(5);
});

test('several runs have one progress, which is unknown while one of them is', () => {
  const { inFlight } = watched();
  const first = begin(inFlight, 'a');
  const second = begin(inFlight, 'b');
  first.tell(at('uploading', { sent: 1, toSend: 2 }));
  expect(inFlight.now).toEqual({ count: 2, fraction: null });
  second.tell(at('uploading', { sent: 2, toSend: 2 }));
  expect(inFlight.now).toEqual({ count: 2, fraction: 0.75 });
});

test('an id that is asked for twice takes nothing from the run that has it', async () => {
  const { inFlight, landed } = watched();
  const first = begin(inFlight);
  const second = begin(inFlight);
  second.reject(new Error('in flight already'));
  await expect(second.followed).rejects.toThrow('in flight already');
  expect(inFlight.now.count).toBe(1);
  expect(landed).toEqual([]);
  first.resolve(outcome('cancelled'));
  await first.followed;
  expect(inFlight.now.count).toBe(0);
});

test('a listener that throws breaks no run and no other listener', async () => {
  const { inFlight, logged, landed } = watched();
  const broken = new Error('no dock');
  const fail = (): never => {
    throw broken;
  };
  const stop = inFlight.listen({ onChange: fail, onEnd: fail });
  inFlight.listen({ onEnd: (run) => landed.push(run) });
  const run = begin(inFlight);
  run.resolve(outcome('failed'));
  expect((await run.followed).state).toBe('failed');
  expect(landed).toHaveLength(2);
  expect(logged).toEqual([broken, broken, broken]);
  stop();
  begin(inFlight);
  expect(logged).toHaveLength(3);
});

test('who stops listening hears nothing more', () => {
  const { inFlight, flights, stop } = watched();
  stop();
  begin(inFlight);
  expect(flights).toEqual([]);
});

test('the runs of a core are followed, those that fail too', async () => {
  await using server = await startModelServer();
  server.answer('/predict', answerJson({ error: 'no' }, { status: 500 }));
  await using house = await scratchCore();
  const { inFlight } = house.core;
  const flights: Flight[] = [];
  const landed: Landed[] = [];
  inFlight.listen({
    onChange: (flight) => flights.push(flight),
    onEnd: (run) => landed.push(run),
  });
  const { runId } = await house.run(`${server.url}/predict`);
  expect(flights.at(0)?.count).toBe(1);
  expect(flights.at(-1)).toEqual({ count: 0, fraction: null });
  expect(landed).toMatchObject([{ runId, state: 'failed' }]);
});
