import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { RunProgress } from '../../contract/run.ts';
import { serve } from '../testing/local-servers.ts';
import { scratchCore } from '../testing/scratch-core.ts';
import { defaultPace } from '../transport/retry.ts';
import { oneKey } from '../baseten/key-choice.ts';

const patient = { ...defaultPace, first: 60_000, longest: 60_000 };

/** Answers with each of these in turn, and with the last from then on. */
function inTurn(...answers: RequestListener[]): { listener: RequestListener; heard: () => number } {
  let heard = 0;
  return {
    heard: () => heard,
    listener: (request, response) => {
      request.resume().once('end', () => {
        const answer = answers[Math.min(heard, answers.length - 1)];
        heard += 1;
        answer?.(request, response);
      });
    },
  };
}

const says =
  (status: number, body = '{"error":"not now"}', headers: Record<string, string> = {}) =>
  (...[, response]: Parameters<RequestListener>): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };

/** A run that can be acted on when it pauses. */
async function paused(
  house: Awaited<ReturnType<typeof scratchCore>>,
  url: string,
): Promise<{ runId: string; outcome: ReturnType<typeof house.run>; at: RunProgress }> {
  const pause = Promise.withResolvers<RunProgress>();
  const started = house.start(url, {}, (progress) => {
    if (progress.phase === 'retrying') pause.resolve(progress);
  });
  return { ...started, at: await pause.promise };
}

describe('a busy server', () => {
  test.each([429, 503])(
    'that says %i is asked again, and only its last answer is kept',
    async (status) => {
      await using house = await scratchCore();
      const { listener, heard } = inTurn(says(status), says(status), says(200, '{"a":1}'));
      await using server = await serve(listener);
      const { field } = await house.file(2_000_000);
      const outcome = await house.run(server.url, { fields: [field] });
      expect(outcome).toMatchObject({ state: 'done', attempts: 3, output: { a: 1 }, received: 7 });
      expect(await house.kept(outcome)).toBe('{"a":1}');
      expect(outcome.sent).toBeGreaterThan(2_000_000);
      expect(heard()).toBe(3);
    },
  );

  test('is asked five times, or as often as the user says, and its last word is told', async () => {
    await using house = await scratchCore();
    const { listener, heard } = inTurn(
      says(503, '{"error":"Model with name model is not ready."}'),
    );
    await using server = await serve(listener);
    expect(await house.run(server.url)).toMatchObject({
      state: 'failed',
      status: 503,
      attempts: 5,
      failure: { code: 'model_not_ready', detail: 'Model with name model is not ready.' },
    });
    expect((await house.run(server.url, { retries: 0 })).attempts).toBeUndefined();
    expect((await house.run(server.url, { retries: 1 })).attempts).toBe(2);
    expect(heard()).toBe(5 + 1 + 2);
  });

  test('that wants to be left alone for long is not asked again unasked', async () => {
    await using house = await scratchCore();
    const { listener, heard } = inTurn(says(429, '{}', { 'retry-after': '3600' }));
    await using server = await serve(listener);
    expect((await house.run(server.url)).failure?.code).toBe('rate_limited');
    expect(heard()).toBe(1);
  });

  test('is waited for as long as it says, which the page is told', async () => {
    await using house = await scratchCore();
    const { listener } = inTurn(says(429, '{}', { 'retry-after': '120' }));
    await using server = await serve(listener);
    const before = Date.now();
    const { runId, outcome, at } = await paused(house, server.url);
    expect(at.retry).toMatchObject({ attempt: 2, of: 5, why: 'busy' });
    expect(at.retry?.at).toBeGreaterThanOrEqual(before + 120_000);
    house.core.cancel(runId);
    expect(await outcome).toMatchObject({
      state: 'cancelled',
      status: 429,
      failure: { code: 'cancelled' },
    });
  });

  test('has the times of the last try told apart from those before it', async () => {
    await using house = await scratchCore({ pace: { ...defaultPace, first: 120, longest: 120 } });
    const { listener } = inTurn(says(503), says(503), says(200, '{"a":1}'));
    await using server = await serve(listener);
    const { timings } = await house.run(server.url);
    const { lastTry = 0, uploaded = 0, firstByte = 0 } = timings;
    expect(lastTry).toBeGreaterThan(0);
    expect(uploaded).toBeGreaterThanOrEqual(lastTry);
    expect(firstByte).toBeGreaterThanOrEqual(lastTry);
    expect(timings.paused).toBeUndefined();
  });

  test('tells when the pause began in which its run ended', async () => {
    await using house = await scratchCore({ pace: patient });
    const { listener } = inTurn(says(503));
    await using server = await serve(listener);
    const { runId, outcome } = await paused(house, server.url);
    house.core.cancel(runId);
    const { timings } = await outcome;
    expect(timings.paused).toBeGreaterThanOrEqual(timings.received ?? Infinity);
    expect(timings.lastTry).toBeUndefined();
  });

  test('is given up when the time for the whole run is over', async () => {
    await using house = await scratchCore({ pace: patient });
    const { listener, heard } = inTurn(says(503));
    await using server = await serve(listener);
    const outcome = await house.run(server.url, { limits: { total: 0.2 } });
    expect(outcome.failure?.code).toBe('timed_out');
    expect(heard()).toBe(1);
  });
});

describe('what may have cost something already', () => {
  test.each([400, 401, 404, 408, 413, 500, 502, 504])('a %i is not tried again', async (status) => {
    await using house = await scratchCore();
    const { listener, heard } = inTurn(says(status));
    await using server = await serve(listener);
    const outcome = await house.run(server.url);
    expect(outcome).toMatchObject({ state: 'failed', status });
    expect(outcome.attempts).toBeUndefined();
    expect(heard()).toBe(1);
  });

  test('silence is not tried again', async () => {
    await using house = await scratchCore();
    const { listener, heard } = inTurn(() => undefined);
    await using server = await serve(listener);
    const outcome = await house.run(server.url, { limits: { firstByte: 0.1 } });
    expect(outcome.failure?.code).toBe('timed_out');
    expect(heard()).toBe(1);
  });
});

describe('a server that can’t be reached', () => {
  test('is asked three times, since nothing was sent', async () => {
    await using house = await scratchCore();
    const server = await serve(() => undefined);
    await server[Symbol.asyncDispose]();
    expect(await house.run(server.url)).toMatchObject({
      failure: { code: 'connection_refused' },
      attempts: 3,
      sent: 0,
    });
  });

  test('and comes up in between gets the request', async () => {
    await using house = await scratchCore({ pace: { ...patient, first: 200 } });
    const gone = await serve(() => undefined);
    await gone[Symbol.asyncDispose]();
    const { outcome } = await paused(house, gone.url);
    const server = createServer(says(200, '{"a":1}')).listen(Number(new URL(gone.url).port));
    await once(server, 'listening');
    try {
      expect(await outcome).toMatchObject({ state: 'done', attempts: 2, output: { a: 1 } });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('on port 1, or whose name nobody knows, is told of in words', async () => {
    await using house = await scratchCore({ keys: oneKey(null) });
    const refused = await house.run('http://127.0.0.1:1/');
    expect(refused.failure?.message).toMatch(/refused the connection: nothing answers there/);
    const unknown = await house.run('http://no-such-host.invalid/');
    expect(unknown.failure?.code).toBe('host_not_found');
  });
});

test('a run that waits to try again can be cancelled at once', async () => {
  await using house = await scratchCore({ pace: patient });
  const { listener, heard } = inTurn(says(503));
  await using server = await serve(listener);
  const { runId, outcome } = await paused(house, server.url);
  house.core.cancel(runId);
  expect((await outcome).state).toBe('cancelled');
  expect(heard()).toBe(1);
  expect(house.logged).toEqual([]);
});
