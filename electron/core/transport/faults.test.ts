import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { raw } from '../testing/local-servers.ts';
import { scratchCore } from '../testing/scratch-core.ts';

const head = 'HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\n';
const withLength = `${head}content-length: 100\r\n\r\n`;
const chunked = `${head}transfer-encoding: chunked\r\n\r\n`;

/** Writes on and on until the client has had enough. */
function endlessly(socket: Socket, line: string): void {
  if (!socket.destroyed) {
    socket.write(line, () => setImmediate(endlessly, socket, line));
  }
}

const ends = (text: string) => (socket: Socket) => socket.end(text);
const resets = (text: string) => (socket: Socket) =>
  socket.write(text, () => socket.resetAndDestroy());

type Row = {
  fault: string;
  say: (socket: Socket) => unknown;
  code: string;
  /** In what the user reads: whose side it is on. */
  words: RegExp;
  /** What is kept of the answer; null when none came. */
  kept: string | null;
};

/** Nothing here is tried again unasked: the request had been sent, and a second one may cost a second time. */
const failures: Row[] = [
  {
    fault: 'a reset before the answer',
    say: (socket) => socket.resetAndDestroy(),
    code: 'connection_lost',
    words: /lost before an answer came/,
    kept: null,
  },
  {
    fault: 'an end before the answer',
    say: (socket) => socket.end(),
    code: 'connection_lost',
    words: /lost before an answer came/,
    kept: null,
  },
  {
    fault: 'a reset inside a body with a length',
    say: resets(`${withLength}abcde`),
    code: 'answer_incomplete',
    words: /lost before the answer was complete. What had come is kept/,
    kept: 'abcde',
  },
  {
    fault: 'an end inside a body with a length',
    say: ends(`${withLength}abcde`),
    code: 'answer_incomplete',
    words: /lost before the answer was complete/,
    kept: 'abcde',
  },
  {
    fault: 'an end inside a chunk',
    say: ends(`${chunked}64\r\nabcde`),
    code: 'answer_incomplete',
    words: /lost before the answer was complete/,
    kept: 'abcde',
  },
  {
    fault: 'no last chunk',
    say: ends(`${chunked}5\r\nabcde\r\n`),
    code: 'answer_incomplete',
    words: /lost before the answer was complete/,
    kept: 'abcde',
  },
  {
    fault: 'a reset in a body that only the connection ends',
    say: resets(`${head}\r\nabcde`),
    code: 'answer_incomplete',
    words: /lost before the answer was complete/,
    kept: 'abcde',
  },
  {
    fault: 'a chunk size that is none',
    say: ends(`${chunked}5\r\nabcde\r\nzz\r\nabc`),
    code: 'protocol_error',
    words: /broke the rules of HTTP .* What had come is kept/,
    kept: 'abcde',
  },
  {
    fault: 'both a length and chunks',
    say: ends(
      `${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n`,
    ),
    code: 'protocol_error',
    words: /broke the rules of HTTP/,
    kept: null,
  },
  {
    fault: 'two lengths',
    say: ends(`${head}content-length: 5\r\ncontent-length: 6\r\n\r\nabcde`),
    code: 'protocol_error',
    words: /broke the rules of HTTP/,
    kept: null,
  },
  {
    fault: 'a length beyond all numbers',
    say: ends(`${head}content-length: 99999999999999999999999\r\n\r\nabcde`),
    code: 'protocol_error',
    words: /broke the rules of HTTP/,
    kept: null,
  },
  {
    fault: 'a length beyond all disks',
    say: ends(`${head}content-length: 900719925474099\r\n\r\nabcde`),
    code: 'disk_full',
    words: /disk of this computer is too full/,
    kept: null,
  },
  {
    fault: 'a status line of another protocol',
    say: ends('SSH-2.0-OpenSSH_9.2\r\n\r\n'),
    code: 'protocol_error',
    words: /not HTTP. .*http: or https:/,
    kept: null,
  },
  {
    fault: 'https at an http address',
    // What TLS answers to a plain request: a fatal alert.
    say: (socket) => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46])),
    code: 'protocol_error',
    words: /http: or https:/,
    kept: null,
  },
  {
    fault: 'headers over 64 KiB',
    say: ends(`${head}x: ${'a'.repeat(70_000)}\r\ncontent-length: 5\r\n\r\nabcde`),
    code: 'protocol_error',
    words: /more headers than Soundpost takes/,
    kept: null,
  },
  {
    fault: 'headers without end',
    say: (socket) => {
      socket.write(head);
      endlessly(socket, `x: ${'a'.repeat(1000)}\r\n`);
    },
    code: 'protocol_error',
    words: /more headers than Soundpost takes/,
    kept: null,
  },
  {
    fault: 'provisional answers without end',
    say: (socket) => {
      endlessly(socket, 'HTTP/1.1 102 Processing\r\n\r\n');
    },
    code: 'timed_out',
    words: /The model gave no answer within 0\.4 s/,
    kept: null,
  },
  {
    fault: 'headers that stop',
    say: (socket) => socket.write('HTTP/1.1 200 OK\r\nx-a'),
    code: 'timed_out',
    words: /The model gave no answer within 0\.4 s/,
    kept: null,
  },
  {
    fault: 'a body that stops',
    say: (socket) => socket.write(`${withLength}abcde`),
    code: 'timed_out',
    words: /stopped for 0\.4 s. What had come is kept/,
    kept: 'abcde',
  },
  {
    fault: 'a trickle that never ends',
    say: (socket) => {
      socket.write(chunked);
      endlessly(socket, '1\r\na\r\n');
    },
    code: 'timed_out',
    words: /longer than the time you allowed. What had come is kept/,
    kept: 'aaa',
  },
];

describe('a server that fails', () => {
  test.each(failures)('with $fault is told of as $code', async ({ say, code, words, kept }) => {
    await using house = await scratchCore();
    let connections = 0;
    await using server = await raw((socket) => {
      connections += 1;
      say(socket);
    });
    const outcome = await house.run(server.url, {
      limits: { firstByte: 0.4, idle: 0.4, total: 1.5 },
    });
    expect(outcome).toMatchObject({ state: 'failed', failure: { code } });
    expect(outcome.failure?.message).toMatch(words);
    expect(outcome.attempts).toBeUndefined();
    expect(connections).toBe(1);
    expect(house.logged).toEqual([]);
    if (kept === null) {
      await expect(house.kept(outcome)).rejects.toThrow('ENOENT');
    } else {
      const bytes = await house.kept(outcome);
      expect(bytes.slice(0, kept.length)).toBe(kept);
      expect(outcome.received).toBe(bytes.length);
      expect(outcome.parts[0]?.size).toBe(bytes.length);
    }
  });
});
