import { appendFile, rm, truncate } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { raw, serve } from '../testing/local-servers.ts';
import { scratchCore } from '../testing/scratch-core.ts';

const large = 30_000_000;

/** Says no while the upload goes on, and leaves in one way or another. */
function refusing(status: number, leave: (socket: Socket) => void): ReturnType<typeof raw> {
  return raw((socket) => {
    socket.pause();
    socket.write(`HTTP/1.1 ${status} No\r\ncontent-length: 15\r\n\r\n{"error":"no!"}`, () => {
      leave(socket);
    });
  });
}

describe('a server that says no in the middle of a large upload', () => {
  test.each([
    [413, 'too_large'],
    [401, 'unauthorized'],
  ] as const)('is heard: %i, then %s', async (status, code) => {
    await using house = await scratchCore();
    const { field } = await house.file(large);
    await using server = await refusing(status, (socket) => socket.end());
    const outcome = await house.run(server.url, { fields: [field] });
    expect(outcome).toMatchObject({ state: 'failed', status, failure: { code, detail: 'no!' } });
    expect(outcome.sent).toBeLessThan(large);
    expect(outcome.attempts).toBeUndefined();
  });

  // TCP may throw away what was not read yet when a reset comes, so the answer itself can be lost.
  test('and resets the connection at once is heard or told of as a lost one, and not asked again', async () => {
    await using house = await scratchCore();
    const { field } = await house.file(large);
    await using server = await refusing(413, (socket) => socket.resetAndDestroy());
    const outcome = await house.run(server.url, { fields: [field] });
    expect(outcome.state).toBe('failed');
    expect(['too_large', 'connection_lost', 'answer_incomplete']).toContain(outcome.failure?.code);
    expect(outcome.attempts).toBeUndefined();
  });

  test('and only resets the connection is told of as a lost one, and not asked again', async () => {
    await using house = await scratchCore();
    const { field } = await house.file(large);
    let connections = 0;
    await using server = await raw((socket) => {
      connections += 1;
      socket.resetAndDestroy();
    });
    const outcome = await house.run(server.url, { fields: [field] });
    expect(outcome.failure?.code).toBe('connection_lost');
    expect(connections).toBe(1);
  });

  test('and reads no more is given up after the silence that the user allows', async () => {
    await using house = await scratchCore();
    const { field } = await house.file(large);
    await using server = await raw((socket) => socket.pause());
    const outcome = await house.run(server.url, { fields: [field], limits: { idle: 0.3 } });
    expect(outcome.failure).toMatchObject({
      code: 'timed_out',
      message: expect.stringMatching(/stopped reading the upload for 0\.3 s/) as string,
    });
  });
});

describe('a file that changes while it is sent', () => {
  const changes: [string, string, (path: string) => Promise<void>][] = [
    ['grows', 'file_changed', (path) => appendFile(path, 'more')],
    ['shrinks', 'file_changed', (path) => truncate(path, 1000)],
    ['vanishes', 'file_unreadable', (path) => rm(path)],
  ];
  test.each(changes)(
    'because it %s ends the run, and the server never has a whole request',
    async (_how, code, change) => {
      await using house = await scratchCore();
      const { path, field } = await house.file(large);
      const ended = Promise.withResolvers<boolean>();
      await using server = await serve((request) => {
        request.on('error', () => undefined);
        request.once('close', () => {
          ended.resolve(request.complete);
        });
        request.once('data', () => {
          request.pause();
          void change(path).then(() => request.resume());
        });
      });
      const outcome = await house.run(server.url, { fields: [field] });
      expect(outcome).toMatchObject({ state: 'failed', failure: { code } });
      expect(await ended.promise).toBe(false);
    },
  );
});

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])(
    'with %i is refused and nobody else is asked',
    async (status) => {
      await using house = await scratchCore();
      let heard = 0;
      await using other = await serve((_request, response) => {
        heard += 1;
        response.end();
      });
      await using server = await serve((_request, response) => {
        response.writeHead(status, { location: other.url }).end();
      });
      const outcome = await house.run(server.url);
      expect(outcome).toMatchObject({ status, failure: { code: 'redirected' } });
      expect(heard).toBe(0);
    },
  );
});

describe('a kept connection', () => {
  test('that the server closes again and again costs no run and sends none twice', async () => {
    await using house = await scratchCore();
    let heard = 0;
    const server = createServer({ keepAliveTimeout: 5 }, (request, response) => {
      request.resume().once('end', () => {
        heard += 1;
        response.end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${String(Reflect.get(Object(server.address()), 'port'))}/`;
    try {
      for (let run = 0; run < 40; run += 1) {
        expect(await house.run(url)).toMatchObject({ state: 'done', status: 200 });
      }
      expect(heard).toBe(40);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('that is reset under a large upload is replaced unseen', async () => {
    await using house = await scratchCore();
    const { field } = await house.file(large);
    const whole: number[] = [];
    let connections = 0;
    await using server = await serve((request, response) => {
      if (request.socket.listenerCount('seen') === 0) {
        request.socket.on('seen', () => undefined);
        connections += 1;
      } else {
        // The second request on the first connection: read a little of it and reset.
        request.once('data', () => request.socket.resetAndDestroy());
        return;
      }
      let length = 0;
      request.on('data', (chunk: Buffer) => (length += chunk.length));
      request.once('end', () => {
        whole.push(length);
        response.end('{}');
      });
    });
    expect((await house.run(server.url)).state).toBe('done');
    const second = await house.run(server.url, { fields: [field] });
    expect(second.state).toBe('done');
    expect(second.attempts).toBeUndefined();
    expect(connections).toBe(2);
    expect(whole.length).toBe(2);
  });

  test('that is reset when it had the whole request is left to the user, as the model may be at work', async () => {
    await using house = await scratchCore();
    let heard = 0;
    await using server = await serve((request, response) => {
      heard += 1;
      request.resume().once('end', () => {
        if (heard === 1) response.end('{}');
        else request.socket.resetAndDestroy();
      });
    });
    expect((await house.run(server.url)).state).toBe('done');
    expect((await house.run(server.url)).failure?.code).toBe('connection_lost');
    expect(heard).toBe(2);
  });
});
