/**
 * Our msgpack reader and writer beside `@msgpack/msgpack` and `msgpackr` (in JavaScript alone), from memory, in turn, as
 * medians: `npm run bench:codec -- [--rounds 7] [--json]`. The others know no Truss types, so where a message has some,
 * they do less: they read maps of bytes, and write maps with text keys.
 */
import { Decoder, Encoder } from '@msgpack/msgpack';
import { Packr } from 'msgpackr';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readMsgpack } from '../electron/core/codec/msgpack-read.ts';
import { writeMsgpack } from '../electron/core/codec/msgpack-write.ts';
import type { Value } from '../electron/core/codec/value.ts';
import { MemoryBytes } from '../electron/core/files/byte-source.ts';
import { median } from './transfer-measure.ts';

/** How long each codec runs in each round, in milliseconds. */
const ROUND_MS = 60;
/** Before the first round: until compiled code no longer changes. */
const WARM_UP_MS = 500;

type Work = { what: string; times: Record<string, () => unknown> };

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, json: { type: 'boolean', default: false } },
});

const theirs = new Decoder({
  mapKeyConverter: (key) =>
    key instanceof Uint8Array ? Buffer.from(key).toString('latin1') : String(key),
});
const encoder = new Encoder();
const packr = new Packr({ useRecords: false, mapsAsObjects: false, encodeUndefinedAsNil: true });

const works: Work[] = [];
for (const [what, messages] of Object.entries(await allMessages())) {
  works.push(await reading(what, messages), await writing(what, messages));
}
const rows = [];
for (const { what, times } of works) {
  const rounds: Record<string, number[]> = {};
  for (const run of Object.values(times)) await timeOf(run, WARM_UP_MS);
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const [name, run] of Object.entries(times))
      (rounds[name] ??= []).push(await timeOf(run, ROUND_MS));
  }
  const medians = Object.fromEntries(
    Object.entries(rounds).map(([name, taken]) => [name, median(taken)]),
  );
  const ours = medians['soundpost'] ?? NaN;
  rows.push({
    what,
    'of @msgpack/msgpack': Number((ours / (medians['@msgpack/msgpack'] ?? NaN)).toFixed(2)),
    'of msgpackr': Number((ours / (medians['msgpackr'] ?? NaN)).toFixed(2)),
    'microseconds, ours': Number(ours.toFixed(2)),
  });
}
if (options.json) console.log(JSON.stringify(rows));
else console.table(rows);

async function allMessages(): Promise<Record<string, Uint8Array[]>> {
  const segment = (id: number) => ({
    ...{ id, seek: 0, start: id * 3.2, end: id * 3.2 + 3.1, temperature: 0.2 },
    text: ' and so my fellow Americans, ask not what your country can do for you',
    tokens: Array.from({ length: 20 }, (_, at) => 50_364 + at),
    ...{ avg_logprob: -0.21, compression_ratio: 1.5, no_speech_prob: 0.01 },
  });
  const transcript = {
    language: 'en',
    segments: Array.from({ length: 200 }, (_, id) => segment(id)),
  };
  const vectors = JSON.parse(
    await readFile(
      new URL('../electron/core/codec/vectors/truss-msgpack.json', import.meta.url),
      'utf8',
    ),
  ) as { name: string; hex?: string }[];
  const named = (name: string) =>
    Buffer.from(vectors.find((vector) => vector.name === name)?.hex ?? '', 'hex');
  const count = Buffer.from([0xdc, 10_000 >> 8, 10_000 & 0xff]);
  return {
    'a line of text': [encoder.encode({ text: 'Four score and seven years ago our fathers' })],
    'a transcript of 200 segments': [encoder.encode(transcript)],
    '10,000 numpy arrays': [
      Buffer.concat([count, ...Array<Buffer>(10_000).fill(named('nd_f32_2d'))]),
    ],
    'all vectors': vectors.flatMap(({ hex }) =>
      hex === undefined ? [] : [Buffer.from(hex, 'hex')],
    ),
  };
}

function reading(what: string, messages: Uint8Array[]): Promise<Work> {
  const sources = messages.map((bytes) => new MemoryBytes(bytes));
  return Promise.resolve({
    what: `read ${what}`,
    times: {
      soundpost: async () => {
        for (const source of sources) await readMsgpack(source);
      },
      '@msgpack/msgpack': () => {
        for (const bytes of messages) theirs.decode(bytes);
      },
      msgpackr: () => {
        for (const bytes of messages) packr.unpack(bytes);
      },
    },
  });
}

async function writing(what: string, messages: Uint8Array[]): Promise<Work> {
  const ours: Value[] = [];
  for (const bytes of messages) ours.push(await readMsgpack(new MemoryBytes(bytes)));
  const plain = messages.map((bytes) => theirs.decode(bytes));
  const maps = messages.map((bytes): unknown => packr.unpack(bytes));
  return {
    what: `write ${what}`,
    times: {
      soundpost: () => {
        for (const value of ours) writeMsgpack(value);
      },
      '@msgpack/msgpack': () => {
        for (const value of plain) encoder.encode(value);
      },
      msgpackr: () => {
        for (const value of maps) packr.pack(value);
      },
    },
  };
}

/** Microseconds of processor for one call, over as many as fit in so many milliseconds: others may use the machine too. */
async function timeOf(run: () => unknown, milliseconds: number): Promise<number> {
  const start = performance.now();
  const before = process.cpuUsage();
  let calls = 0;
  do {
    await run();
    calls += 1;
  } while (performance.now() - start < milliseconds);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}
