import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import type { Field, FieldValue, Intent, Travel } from '../../contract/intent.ts';
import type { SnippetKind } from '../../contract/snippet.ts';
import { readJson } from '../codec/json-read.ts';
import { readMsgpack } from '../codec/msgpack-read.ts';
import { writeMsgpack } from '../codec/msgpack-write.ts';
import { bytesOf } from '../codec/testing/bytes-of.ts';
import { Dictionary, type Value } from '../codec/value.ts';
import { MemoryBytes } from '../files/byte-source.ts';
import { answerBytes, slices, stream } from '../testing/model-answers.ts';
import { startModelServer, type ModelServer } from '../testing/model-server.ts';
import { findPython, keptByCommandLine, runProgram } from '../testing/programs.ts';
import { scratchCore, scratchKey, type ScratchCore } from '../testing/scratch-core.ts';
import { samples16, wavFile } from '../testing/wav-file.ts';

const sound = Buffer.concat([
  Buffer.from('ID3\u0004'),
  Buffer.from(Array.from({ length: 30_001 }, (_, index) => (index * 7) % 256)),
]);
const answer = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 11) % 256));
const nasty = `it's "100%" $HOME \`id\` \\n \\ @x;y=z&\nén ✓ \u{1f3b5} \${1} #{x} %s -`;
const python = await findPython();

type World = AsyncDisposable & { house: ScratchCore; server: ModelServer };

async function world(context: TestContext): Promise<World & { python: string }> {
  // Where packages are installed for the tests, nothing is passed over.
  if (!python && !process.env['CI']) context.skip('no Python with requests, msgpack and numpy');
  const house = await scratchCore();
  const server = await startModelServer();
  server.answer('/v1/predict', answerBytes(answer));
  return {
    ...{ house, server, python: python ?? 'python3' },
    async [Symbol.asyncDispose]() {
      await server.close();
      await house[Symbol.asyncDispose]();
    },
  };
}

const text = (name: string, words: string): Field => ({
  name,
  value: { type: 'text', text: words },
});
const number = (name: string, literal: string): Field => ({
  name,
  value: { type: 'number', literal },
});
const json = (name: string, words: string): Field => ({
  name,
  value: { type: 'json', text: words },
});
const on: FieldValue = { type: 'switch', on: true };

/** A field whose file is admitted when the case is run; `of` is what it holds. */
type CaseField = Field | { name: string; of: Buffer; called: string; travel?: Travel };
const file = (name: string, travel?: Travel, called = 'take.mp3'): CaseField => ({
  ...{ name, of: sound, called },
  ...(travel ? { travel } : {}),
});
const as = (way: 'bytes' | 'base64' | 'data-uri'): Travel => ({ as: way });

const frames = Array.from({ length: 1200 }, (_, n) => ((n * 7919) % 65_536) - 32_768);
const stereo = wavFile({ sampleRate: 16_000, channels: 2, data: samples16(frames) });
const floats = wavFile({
  ...{ tag: 3, bits: 32, sampleRate: 16_000 },
  data: Buffer.from(new Float32Array(frames.map((n) => n / 30_000)).buffer),
});
const eight = wavFile({
  bits: 8,
  sampleRate: 16_000,
  data: Buffer.from(frames.map((n) => n & 255)),
});
const samples = (
  of: Buffer,
  dtype: 'float32' | 'int16',
  shape: 'mono' | 'frames-channels' | 'channels-frames',
): CaseField => ({
  ...{ name: 'audio', of, called: 'take.wav' },
  travel: { as: 'samples', dtype, sampleRate: 16_000, shape },
});

const all = ['curl', 'python', 'javascript', 'cli'] as const;
const others = ['curl', 'python', 'javascript'] as const;

type Case = [
  name: string,
  body: Intent['body'],
  fields: CaseField[],
  kinds: readonly SnippetKind[],
  more?: Partial<Intent>,
];

const numbers = [
  number('int', '1'),
  number('float', '1.0'),
  number('small', '-7'),
  number('tenth', '0.1'),
  number('large', '1e22'),
  number('twenty', '1e20'),
  number('minus', '-0.0'),
  number('long', '9007199254740993'),
  json('more', '{"1":[1,1.0,null,true,{}],"b":{"c":[]},"__proto__":{"x":2.0}}'),
];

const cases: Case[] = [
  ['a file and a text', 'msgpack', [file('byte_data'), text('text', 'hi')], all],
  ['a file and a text', 'json', [file('byte_data'), text('text', 'hi')], all],
  ['a file and a text', 'multipart', [file('file'), text('model', 'whisper')], all],
  ['one file', 'raw', [file('')], all],
  ['every kind of number', 'msgpack', numbers, all],
  ['every kind of number', 'json', numbers, all],
  ['every kind of number', 'multipart', numbers, all],
  ['numbers that JSON has no word for', 'json', [json('all', '[NaN,Infinity,-Infinity]')], all],
  ['numbers that JSON has no word for', 'msgpack', [json('all', '[NaN,Infinity]')], all],
  ['more digits than a float has', 'json', [number('n', '123456789012345678901234567890')], all],
  ['nasty words', 'msgpack', [text('text', nasty), { name: 'on', value: on }], all],
  ['nasty words', 'json', [text('text', nasty), { name: 'on', value: on }], all],
  ['nasty words', 'multipart', [text('text', nasty), { name: 'on', value: on }], all],
  ['nasty names without a file', 'msgpack', [text(nasty, 'x'), number('n', '2.0')], all],
  ['nasty names without a file', 'json', [text(nasty, 'x'), number('n', '2.0')], all],
  ['nasty names with a file', 'msgpack', [file(nasty, undefined, `${nasty}.mp3`)], others],
  ['nasty names with a file', 'json', [file(nasty, undefined, `${nasty}.mp3`)], others],
  ['nasty names with a file', 'multipart', [file(nasty, undefined, `${nasty}.mp3`)], others],
  ['a nasty file name', 'multipart', [file('file', undefined, `${nasty}.mp3`)], all],
  ['a nasty file name', 'raw', [file('', undefined, `${nasty}.mp3`)], all],
  ['nested names', 'msgpack', [text('a[b][c]', 'x'), number('a[b][d]', '1'), file('l[]')], all],
  ['nested names', 'json', [text('a[b][c]', 'x'), number('a[l][0]', '1.0'), file('f[x]')], all],
  ['names as they are', 'multipart', [text('a[b]', ''), text('a[]', 'x'), file('f[]')], all],
  [
    'several files and ways',
    'msgpack',
    [file('a'), file('b', as('base64')), file('c', as('data-uri'))],
    all,
  ],
  ['several files and ways', 'json', [file('a', as('base64')), file('c', as('data-uri'))], all],
  [
    'several files and ways',
    'multipart',
    [file('a'), file('b', as('base64')), file('c', as('data-uri'))],
    all,
  ],
  ['empty words', 'msgpack', [text('text', ''), json('list', '[]'), json('map', '{}')], all],
  ['empty words', 'json', [text('text', ''), json('list', '[]'), json('map', '{}')], all],
  ['empty words', 'multipart', [text('text', '')], all],
  ['nothing at all', 'msgpack', [], all],
  ['nothing at all', 'json', [], all],
  ['nothing at all', 'multipart', [], all],
  ['a bare null', 'json', [json('', 'null')], all],
  ['a bare file', 'msgpack', [file('')], all],
  ['a bare file', 'json', [file('')], all],
  ['a key as Bearer', 'json', [text('text', 'hi')], all, { auth: 'bearer' }],
  ['a stream', 'json', [text('text', 'hi')], all, { answer: 'stream' }],
  [
    'limits and PCM',
    'json',
    [text('text', 'hi')],
    ['cli'],
    {
      pcm: { encoding: 's16le', sampleRate: 24_000, channels: 2 },
      limits: { total: 20, idle: 0.5 },
      retries: 0,
    },
  ],
  ['samples as floats, mixed', 'msgpack', [samples(stereo, 'float32', 'mono')], ['python', 'cli']],
  ['samples as integers, mixed', 'msgpack', [samples(stereo, 'int16', 'mono')], ['python', 'cli']],
  [
    'samples by frames',
    'msgpack',
    [samples(stereo, 'int16', 'frames-channels')],
    ['python', 'cli'],
  ],
  [
    'samples by channels',
    'msgpack',
    [samples(stereo, 'float32', 'channels-frames')],
    ['python', 'cli'],
  ],
  ['float samples', 'msgpack', [samples(floats, 'float32', 'mono')], ['python', 'cli']],
  [
    'float samples as integers',
    'msgpack',
    [samples(floats, 'int16', 'channels-frames')],
    ['python', 'cli'],
  ],
  ['8-bit samples', 'msgpack', [samples(eight, 'float32', 'frames-channels')], ['python', 'cli']],
];

const table = cases.flatMap(([name, body, fields, kinds, more = {}]) =>
  kinds.map((kind) => ({ name, body, fields, kind, more })),
);

test.concurrent.for(table)(
  '$kind: $name in $body arrives as Soundpost sends it, and so does the answer',
  async ({ body, fields, kind, more }, context) => {
    await using at = await world(context);
    const { house, server } = at;
    const url = `${server.url}/v1/predict?a=[1]&b=%27$HOME`;
    const admitted: Field[] = [];
    for (const field of fields) {
      if ('value' in field) {
        admitted.push(field);
        continue;
      }
      const folder = join(house.directory, 'it’s "here"', String(admitted.length));
      await mkdir(folder, { recursive: true });
      const path = join(folder, field.called);
      await writeFile(path, field.of);
      const { id } = await house.core.inputs.admit(path);
      admitted.push({
        name: field.name,
        value: { type: 'file', inputId: id, travel: field.travel },
      });
    }
    const intent: Intent = {
      ...{ target: { kind: 'url', url }, auth: 'api-key', body, answer: 'auto', fields: admitted },
      ...more,
    };
    const outcome = await house.run(url, intent);
    expect(outcome.state).toBe('done');
    const { text: program, sendsKey } = await house.core.snippet(intent, kind);
    expect(sendsKey).toBe(true);
    expect(program).not.toContain(scratchKey);
    const { directory } = house;
    const out = await runProgram(kind, program, { directory, key: scratchKey, python: at.python });
    const [ours, theirs] = server.requests;
    expect(decodeURI(theirs?.path ?? '')).toBe(decodeURI(ours?.path ?? ''));
    expect(theirs?.headers.authorization).toBe(ours?.headers.authorization);
    expect(theirs?.headers['content-type']?.replace(/boundary=.*/, '')).toBe(
      ours?.headers['content-type']?.replace(/boundary=.*/, ''),
    );
    expect(await meaning(theirs)).toEqual(await meaning(ours));
    if (kind === 'cli' || (kind === 'python' && body === 'msgpack')) {
      if (body !== 'multipart') expect(theirs?.body).toEqual(ours?.body);
    }
    const came = kind === 'cli' ? await keptByCommandLine(directory) : out;
    expect(came.equals(answer)).toBe(true);
  },
);

/** What a body says, whatever is free in it: a boundary, the order of a map's keys, the width of an integer. */
async function meaning(seen: ModelServer['requests'][number] | undefined): Promise<string> {
  const body = seen?.body ?? Buffer.alloc(0);
  const type = seen?.headers['content-type'] ?? '';
  const [, boundary] = /boundary=(.*)/.exec(type) ?? [];
  if (boundary !== undefined) return body.toString('latin1').replaceAll(boundary, 'boundary');
  if (type === 'application/octet-stream') {
    return (await bytesOf(writeMsgpack(sorted(await readMsgpack(new MemoryBytes(body)))))).toString(
      'hex',
    );
  }
  if (type !== 'application/json') return body.toString('hex');
  return (await bytesOf(writeMsgpackOfJson(readJson(body.toString())))).toString('hex');
}

/** Integers of any length have no msgpack: as texts they have. */
function writeMsgpackOfJson(value: Value): ReturnType<typeof writeMsgpack> {
  const spelt = (item: Value): Value => {
    if (typeof item === 'bigint') return `integer ${item}`;
    if (Array.isArray(item)) return item.map(spelt);
    if (!(item instanceof Dictionary)) return item;
    return new Dictionary(item.entries.map(([key, each]) => [key, spelt(each)] as const));
  };
  return writeMsgpack(sorted(spelt(value)));
}

function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (!(value instanceof Dictionary)) return value;
  const entries = value.entries.map(([key, item]) => [key, sorted(item)] as const);
  return new Dictionary(
    entries.toSorted(([a], [b]) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  );
}

test.for(['curl', 'python', 'javascript'] as const)(
  '%s writes a stream as it comes',
  async (kind, context) => {
    await using at = await world(context);
    const { house, server } = at;
    const url = `${server.url}/v1/predict`;
    server.answer('/v1/predict', stream(slices(answer, 10_000), { everyMs: 20 }));
    const intent: Intent = {
      ...{ target: { kind: 'url', url }, auth: 'api-key', body: 'json', answer: 'stream' },
      fields: [text('text', 'hi')],
    };
    const { text: program } = await house.core.snippet(intent, kind);
    const { directory } = house;
    const out = await runProgram(kind, program, { directory, key: scratchKey, python: at.python });
    expect(out.equals(answer)).toBe(true);
  },
);

test('a host that was not allowed to have the key is sent none by any of them', async (context) => {
  await using at = await world(context);
  await using house = await scratchCore({ isAllowed: () => false });
  const url = `${at.server.url}/v1/predict`;
  const intent: Intent = {
    ...{ target: { kind: 'url', url }, auth: 'api-key', body: 'json', answer: 'auto' },
    fields: [],
  };
  for (const kind of others) {
    const { text: program, sendsKey } = await house.core.snippet(intent, kind);
    expect(sendsKey).toBe(false);
    const place = { directory: house.directory, key: scratchKey, python: at.python };
    await runProgram(kind, program, place);
    expect(at.server.requests.at(-1)?.headers.authorization).toBeUndefined();
  }
  expect((await house.core.snippet(intent, 'cli')).text).not.toContain('--allow-host');
});

test('what can’t be written in a language is said in words, and what can', async () => {
  await using house = await scratchCore();
  const target = { kind: 'model', modelId: 'abc', deployment: { kind: 'production' } } as const;
  const intent: Intent = {
    ...{ target, auth: 'api-key', body: 'msgpack', answer: 'auto', fields: [] },
  };
  const path = join(house.directory, 'take.wav');
  await writeFile(path, stereo);
  const { id } = await house.core.inputs.admit(path);
  const travel = { as: 'samples', dtype: 'float32', sampleRate: 8000, shape: 'mono' } as const;
  const fields: Field[] = [{ name: 'audio', value: { type: 'file', inputId: id, travel } }];
  const refused: [SnippetKind, Intent, RegExp][] = [
    ['curl', { ...intent, fields }, /as Python/],
    ['javascript', { ...intent, fields }, /as Python/],
    ['python', { ...intent, fields }, /16000 Hz.*choose its own rate/],
    ['curl', { ...intent, target: { kind: 'demo', model: 'echo' } }, /demo lives inside/],
    [
      'cli',
      { ...intent, fields: [{ name: 'a b', value: { type: 'file', inputId: id } }] },
      /“a b”/,
    ],
  ];
  for (const [kind, wanted, words] of refused) {
    await expect(house.core.snippet(wanted, kind)).rejects.toThrow(words);
  }
  const staging = { ...target, deployment: { kind: 'environment', name: 'staging' } } as const;
  const { text: line } = await house.core.snippet(
    { ...intent, target: { ...staging, path: 'sync/v1/audio/speech' }, body: 'json' },
    'cli',
  );
  expect(line.replaceAll(' \\\n ', '')).toBe(
    'soundpost run --model abc --deployment env:staging --path sync/v1/audio/speech --body json',
  );
});
