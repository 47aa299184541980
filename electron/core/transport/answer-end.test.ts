import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { raw } from '../testing/local-servers.ts';
import { scratchCore } from '../testing/scratch-core.ts';

const head = 'HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\n';
const ends = (text: string) => (socket: Socket) => socket.end(text);

describe('an answer that may be whole or not', () => {
  test('that only the connection ends is kept and doubted', async () => {
    await using house = await scratchCore();
    await using server = await raw(ends(`${head}\r\nabcde`));
    const outcome = await house.run(server.url);
    expect(outcome).toMatchObject({ state: 'done', received: 5 });
    expect(outcome.warnings.join()).toMatch(/It may lack its end/);
  });

  test('that only the connection ends is believed when it is a message with an end of its own', async () => {
    await using house = await scratchCore();
    await using server = await raw(
      ends('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{"a":1}'),
    );
    expect(await house.run(server.url)).toMatchObject({
      state: 'done',
      output: { a: 1 },
      warnings: [],
    });
  });

  test('that is longer than its length says is cut there, doubted, and the connection not used again', async () => {
    await using house = await scratchCore();
    let connections = 0;
    await using server = await raw((socket) => {
      connections += 1;
      socket.write(`${head}content-length: 3\r\n\r\nabcde`);
    });
    const outcome = await house.run(server.url);
    expect(outcome).toMatchObject({ state: 'done', received: 3 });
    expect(outcome.warnings.join()).toMatch(/more bytes than its Content-Length said/);
    expect((await house.run(server.url)).received).toBe(3);
    expect(connections).toBe(2);
  });

  test('an answer that comes unasked on a kept connection is nobody’s', async () => {
    await using house = await scratchCore();
    const answer = (text: string): string =>
      `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
    const sockets: Socket[] = [];
    await using server = await raw((socket) => {
      sockets.push(socket);
      socket.write(answer('mine'));
    });
    expect((await house.run(server.url)).text).toBe('mine');
    sockets[0]?.write(answer('evil'));
    await new Promise((resolve) => sockets[0]?.write('', resolve));
    expect((await house.run(server.url)).text).toBe('mine');
    expect(sockets.length).toBe(2);
  });

  test('204 has no body, whatever follows it', async () => {
    await using house = await scratchCore();
    await using server = await raw(ends('HTTP/1.1 204 No Content\r\n\r\nabcde'));
    expect(await house.run(server.url)).toMatchObject({
      state: 'done',
      status: 204,
      received: 0,
      parts: [],
    });
  });

  test('headers of 30 KB and provisional answers before it are no fault', async () => {
    await using house = await scratchCore();
    await using server = await raw(
      ends(
        `HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${head}x: ${'a'.repeat(30_000)}\r\ncontent-length: 5\r\n\r\nabcde`,
      ),
    );
    expect(await house.run(server.url)).toMatchObject({
      state: 'done',
      received: 5,
      warnings: [],
    });
  });
});

describe('an answer that is compressed though that was refused', () => {
  const words = 'four score '.repeat(9000);
  const message = Buffer.from(JSON.stringify({ words }));
  const packed = gzipSync(message, { level: 0 });
  const says =
    (body: Uint8Array, encoding = 'gzip') =>
    (socket: Socket) => {
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`,
      );
      socket.end(body);
    };

  test('is unpacked, and also kept as it came', async () => {
    await using house = await scratchCore();
    await using server = await raw(says(packed));
    const outcome = await house.run(server.url);
    expect(outcome).toMatchObject({ state: 'done', output: { words } });
    expect(Buffer.from(await house.kept(outcome), 'latin1').equals(packed)).toBe(true);
  });

  test('and cut short, though its length is right, is no whole answer', async () => {
    await using house = await scratchCore();
    await using server = await raw(says(packed.subarray(0, 80_000)));
    const outcome = await house.run(server.url);
    expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'answer_incomplete' } });
    expect(outcome.failure?.message).toMatch(/compressed and stops in the middle/);
    expect(JSON.stringify(outcome.output)).toMatch(/(four score ){6000}/);
  });

  test.each(['not gzip at all', ''])('in name only (“%s”) is said to be damaged', async (text) => {
    await using house = await scratchCore();
    await using server = await raw(says(Buffer.from(text)));
    const outcome = await house.run(server.url);
    expect(outcome.failure?.code).toBe(text ? 'answer_undecodable' : 'answer_incomplete');
    expect(await house.kept(outcome)).toBe(text);
    expect(house.logged).toEqual([]);
  });

  test('in a way we do not know is kept as it came, with a word', async () => {
    await using house = await scratchCore();
    await using server = await raw(says(Buffer.from('abc'), 'compress'));
    const outcome = await house.run(server.url);
    expect(outcome.warnings.join()).toMatch(/does not undo/);
    expect(await house.kept(outcome)).toBe('abc');
  });

  test('an error answer is read through it too', async () => {
    await using house = await scratchCore();
    const body = gzipSync('{"error":"no such voice"}');
    await using server = await raw((socket) => {
      socket.write(
        `HTTP/1.1 400 Bad Request\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`,
      );
      socket.end(body);
    });
    expect((await house.run(server.url)).failure?.detail).toContain('no such voice');
  });
});
