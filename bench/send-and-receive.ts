/**
 * How long Soundpost takes to send and to receive a large file, against curl doing the same to the same server in the
 * same run. Ratios count; single times on a shared machine do not. Usage: node bench/send-and-receive.ts [MiB]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgents, post } from '../electron/core/transport/post.ts';
import { AnswerFile } from '../electron/core/transport/answer-file.ts';
import { defaultDeadlines } from '../electron/core/transport/deadline.ts';
import { requestBody } from '../electron/core/codec/request-body.ts';
import { readMsgpack } from '../electron/core/codec/msgpack-read.ts';
import { wholeFile } from '../electron/core/files/byte-source.ts';

const mebibytes = Number(process.argv[2] ?? 256);
const size = mebibytes * 1024 * 1024;
const rounds = 5;

const scratch = await mkdtemp(join(tmpdir(), 'soundpost-bench-'));
const input = join(scratch, 'input.bin');
{
  await using file = await open(input, 'w');
  const block = Buffer.alloc(1024 * 1024, 'sound');
  for (let written = 0; written < mebibytes; written += 1) await file.write(block);
}

// The sink and source of both clients: /send swallows, /receive answers {"byte_data": size bytes} as msgpack.
const head = Buffer.concat([
  Buffer.from([0x81, 0xa9]),
  Buffer.from('byte_data'),
  Buffer.from([0xc6, 0, 0, 0, 0]),
]);
head.writeUInt32BE(size, head.length - 4);
const block = Buffer.alloc(1024 * 1024, 'answer');
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    if (request.url === '/send') return response.end();
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': head.length + size,
    });
    response.write(head);
    let left = mebibytes;
    const more = (): void => {
      while (left > 0) {
        left -= 1;
        if (!response.write(block)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
    return undefined;
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;

const agents = createAgents();
let peak = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 20);

async function ours(
  path: string,
  fields: Parameters<typeof requestBody>[0]['fields'],
): Promise<void> {
  const body = await requestBody({ body: 'msgpack', fields }, async () => ({
    bytes: await wholeFile(input),
    mediaType: 'audio/wav',
  }));
  const answer = await post({
    url: new URL(url + path),
    headers: {},
    body,
    agents,
    deadlines: defaultDeadlines,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    mark: () => undefined,
  });
  const to = join(scratch, 'answer.bin');
  await rm(to, { force: true });
  const file = await AnswerFile.create(to);
  await answer.receive(file, () => undefined);
  await file.close();
  if (path === '/receive') await readMsgpack(await wholeFile(to));
}

async function curl(...args: string[]): Promise<void> {
  const child = spawn('curl', ['-sS', ...args], { stdio: 'inherit' });
  await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`curl ended with ${child.exitCode ?? 'a signal'}`);
}

async function time(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

async function compare(
  name: string,
  mine: () => Promise<void>,
  theirs: () => Promise<void>,
): Promise<void> {
  await mine();
  await theirs();
  const times: [number, number][] = [];
  for (let round = 0; round < rounds; round += 1)
    times.push([await time(mine), await time(theirs)]);
  const [soundpost, other] = [median(times.map(([a]) => a)), median(times.map(([, b]) => b))];
  const ratio = median(times.map(([a, b]) => a / b));
  console.log(
    `${name} ${mebibytes} MiB: soundpost ${Math.round(soundpost)} ms, curl ${Math.round(other)} ms, ratio ${ratio.toFixed(2)}`,
  );
}

const field = { name: 'byte_data', value: { type: 'file', inputId: 'input' } } as const;
await compare(
  'send',
  () => ours('/send', [field]),
  () => curl('-T', input, '-X', 'POST', '-H', 'expect:', `${url}/send`),
);
await compare(
  'receive',
  () => ours('/receive', []),
  () => curl('-X', 'POST', '-d', '', '-o', join(scratch, 'curl.bin'), `${url}/receive`),
);
clearInterval(watch);
console.log(`peak memory of this process, server included: ${Math.round(peak / 1024 / 1024)} MiB`);

agents.close();
server.close();
await rm(scratch, { recursive: true });
