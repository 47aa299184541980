/**
 * Whether ten thousand runs in a row leave anything behind: sockets, files, memory. A quarter each is a plain answer, a
 * stream, an answer cut short and a cancelled run, fifty at once. Usage: node --expose-gc bench/leaks.ts [RUNS]
 */
import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCore } from '../electron/core/core.ts';
import { oneKey } from '../electron/core/baseten/key-choice.ts';

const runs = Number(process.argv[2] ?? 10_000);
const AT_ONCE = 50;
const WARM_UP = 1000;
const MEBIBYTE = 1024 * 1024;

const scratch = await mkdtemp(join(tmpdir(), 'soundpost-leaks-'));
const sound = Buffer.alloc(64 * 1024, 'sound');

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    switch (request.url) {
      case '/message':
        response.writeHead(200, { 'content-type': 'application/json' });
        return response.end(JSON.stringify({ audio: sound.toString('base64'), rate: 24_000 }));
      case '/stream':
        response.writeHead(200, { 'content-type': 'audio/wav' });
        response.write(sound);
        return response.end(sound);
      case '/cut':
        response.writeHead(200, { 'content-type': 'audio/wav' });
        return response.write(sound, () => request.socket.destroy());
      default:
        return undefined;
    }
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${String(Reflect.get(Object(server.address()), 'port'))}`;

const core = createCore({
  dataDirectory: join(scratch, 'data'),
  configDirectory: join(scratch, 'config'),
  home: scratch,
  sampleDirectory: scratch,
  keys: oneKey('abcd1234.s3cret'),
  isAllowed: () => true,
  askForHost: () => Promise.resolve('cancel'),
  log: (error) => {
    console.error(error);
  },
});

const paths = ['/message', '/stream', '/cut', '/silent'] as const;
const wanted = { '/message': 'done', '/stream': 'done', '/cut': 'failed', '/silent': 'cancelled' };

async function one(number: number): Promise<void> {
  const path = paths[number % paths.length] ?? '/message';
  const runId = `run-${number}`;
  const outcome = await core.start({
    runId,
    intent: {
      target: { kind: 'url', url: origin + path },
      auth: 'api-key',
      body: 'msgpack',
      answer: 'auto',
      fields: [{ name: 'text', value: { type: 'text', text: 'x'.repeat(1000) } }],
    },
    onProgress: ({ phase }) => {
      if (path === '/silent' && phase === 'waiting') core.cancel(runId);
    },
  });
  if (outcome.state !== wanted[path]) {
    throw new Error(`${path}: ${outcome.state}, not ${wanted[path]}: ${outcome.failure?.message}`);
  }
  await rm(core.runFolder(runId), { recursive: true });
}

async function many(from: number, count: number): Promise<void> {
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < from + count) {
      next += 1;
      await one(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

type Held = { sockets: number; files: number; heap: number; rss: number };

/** What this process holds when nothing is at work. Linux tells of descriptors in /proc. */
async function held(): Promise<Held> {
  for (let pass = 0; pass < 4; pass += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
  }
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  const { heapUsed, rss } = process.memoryUsage();
  return {
    sockets: links.filter((link) => link.startsWith('socket:')).length,
    files: links.filter((link) => link.startsWith(scratch)).length,
    heap: heapUsed / MEBIBYTE,
    rss: rss / MEBIBYTE,
  };
}

await many(0, WARM_UP);
const before = await held();
const startedAt = performance.now();
await many(WARM_UP, runs);
const seconds = (performance.now() - startedAt) / 1000;
const after = await held();

console.log(`${runs} runs in ${seconds.toFixed(0)} s, ${AT_ONCE} started at once`);
const row = (name: string, { sockets, files, heap, rss }: Held): void => {
  console.log(
    `${name.padEnd(16)} sockets ${sockets}  files ${files}  heap ${heap.toFixed(1)} MiB  resident ${rss.toFixed(0)} MiB`,
  );
};
row(`after ${WARM_UP}`, before);
row(`after ${WARM_UP + runs}`, after);

await core.close();
server.closeAllConnections();
server.close();
await rm(scratch, { recursive: true });
// Kept connections come and go by dozens; a leak comes by thousands.
const leaks = [
  after.sockets - before.sockets > 60 && 'sockets',
  after.files > 0 && 'files',
  after.heap - before.heap > 20 && 'heap',
].filter((leak) => leak !== false);
if (leaks.length > 0) {
  console.error(`Something is left behind: ${leaks.join(', ')}`);
  process.exitCode = 1;
}
