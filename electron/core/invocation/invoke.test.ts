import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Field, Intent } from '../../contract/intent.ts';
import type { RunOutcome, RunProgress } from '../../contract/run.ts';
import { createCore, type Core } from '../core.ts';
import { defaultPace } from '../transport/retry.ts';
import { raw, serve } from '../testing/local-servers.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { oneKey } from '../baseten/key-choice.ts';

const sampleDirectory = join(import.meta.dirname, '../../../resources/sample');
const samplePath = join(sampleDirectory, 'Gettysburg.mp3');
const key = 'abcd1234.s3cret';

type World = AsyncDisposable & {
  core: Core;
  directory: string;
  sampleId: string;
  logged: unknown[];
};

async function world(): Promise<World> {
  const scratch = await scratchDirectory();
  const logged: unknown[] = [];
  const core = createCore({
    dataDirectory: join(scratch.path, 'data'),
    configDirectory: join(scratch.path, 'config'),
    home: scratch.path,
    sampleDirectory,
    keys: oneKey(key),
    isAllowed: () => true,
    askForHost: () => Promise.resolve('cancel'),
    log: (error) => logged.push(error),
    pace: { ...defaultPace, first: 1, longest: 5 },
  });
  const sampleId = (await core.admitSample()).id;
  return {
    core,
    sampleId,
    logged,
    directory: scratch.path,
    async [Symbol.asyncDispose]() {
      await core.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

const intentFor = (
  target: Intent['target'],
  fields: Field[],
  rest: Partial<Intent> = {},
): Intent => ({
  target,
  auth: 'api-key',
  body: 'msgpack',
  answer: 'auto',
  fields,
  ...rest,
});

const file = (inputId: string, name = 'byte_data'): Field => ({
  name,
  value: { type: 'file', inputId },
});

let count = 0;
function start(
  core: Core,
  intent: Intent,
  onProgress: (progress: RunProgress) => void = () => undefined,
): { runId: string; outcome: Promise<RunOutcome> } {
  const runId = `run-${(count += 1)}`;
  return { runId, outcome: core.start({ runId, intent, onProgress }) };
}

async function partBytes(core: Core, outcome: RunOutcome, index = 0): Promise<Buffer> {
  const url = outcome.parts[index]?.url ?? '';
  const response = await core.serve(new Request(`http://page${url}`));
  return Buffer.from((await response?.arrayBuffer()) ?? new ArrayBuffer());
}

describe('the demo', () => {
  test('Echo gives back the same bytes, found as sound, in every kind of body', async () => {
    await using house = await world();
    const sample = await readFile(samplePath);
    for (const body of ['msgpack', 'json'] as const) {
      const intent = intentFor({ kind: 'demo', model: 'echo' }, [file(house.sampleId)], { body });
      const outcome = await start(house.core, intent).outcome;
      expect(outcome).toMatchObject({ state: 'done', status: 200, url: 'demo:echo' });
      expect(outcome.parts[0]).toMatchObject({
        name: 'byte_data',
        kind: { format: 'mp3' },
        size: sample.length,
      });
      expect((await partBytes(house.core, outcome)).equals(sample)).toBe(true);
      expect(outcome.output).toMatchObject({ byte_data: { $type: 'bytes', part: 'byte_data' } });
    }
  });

  test('Speak is kept as the PCM it is, and can be played as WAV', async () => {
    await using house = await world();
    const intent = intentFor(
      { kind: 'demo', model: 'speak' },
      [{ name: 'text', value: { type: 'text', text: 'x' } }],
      {
        answer: 'stream',
        pcm: { encoding: 's16le', sampleRate: 24_000, channels: 1 },
      },
    );
    const seen: RunProgress[] = [];
    const { outcome, runId } = start(house.core, intent, (progress) => {
      seen.push(progress);
      if (progress.received > 20_000) house.core.cancel(runId);
    });
    const cancelled = await outcome;
    expect(cancelled).toMatchObject({ state: 'cancelled', failure: { code: 'cancelled' } });
    expect(cancelled.received).toBeGreaterThan(20_000);
    const pcm = await readFile(join(sampleDirectory, 'gettysburg-24000-mono.s16le'));
    expect(
      (await partBytes(house.core, cancelled)).equals(pcm.subarray(0, cancelled.received)),
    ).toBe(true);
    const wav = await house.core.serve(
      new Request(`http://page${cancelled.parts[0]?.playUrl ?? ''}`),
    );
    expect(
      Buffer.from((await wav?.arrayBuffer()) ?? new ArrayBuffer())
        .subarray(0, 4)
        .toString(),
    ).toBe('RIFF');
    expect(new Set(seen.map(({ phase }) => phase))).toContain('receiving');
  });

  test('Transcribe knows the recording and honestly nothing else', async () => {
    await using house = await world();
    const transcript = await start(
      house.core,
      intentFor({ kind: 'demo', model: 'transcribe' }, [file(house.sampleId)]),
    ).outcome;
    expect(JSON.stringify(transcript.output)).toContain('Four score');
    const other = join(house.directory, 'other.wav');
    await writeFile(other, 'RIFF____WAVE');
    const { id } = await house.core.inputs.admit(other);
    const refused = await start(
      house.core,
      intentFor({ kind: 'demo', model: 'transcribe' }, [file(id)]),
    ).outcome;
    expect(refused).toMatchObject({ state: 'failed', failure: { code: 'model_rejected_input' } });
  });
});

describe('a request on the wire', () => {
  test('is the msgpack that the Python client sends, with the headers Truss wants', async () => {
    await using house = await world();
    let headers = {};
    let hash = '';
    await using server = await serve((request, response) => {
      headers = request.headers;
      const digest = createHash('sha256');
      request.on('data', (chunk: Buffer) => digest.update(chunk));
      request.on('end', () => {
        hash = digest.digest('hex');
        response.end();
      });
    });
    await start(house.core, intentFor({ kind: 'url', url: server.url }, [file(house.sampleId)]))
      .outcome;
    const sample = await readFile(samplePath);
    const head = Buffer.concat([
      Buffer.from([0x81, 0xa9]),
      Buffer.from('byte_data'),
      Buffer.from([0xc6, 0, 0, 0, 0]),
    ]);
    head.writeUInt32BE(sample.length, head.length - 4);
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': String(head.length + sample.length),
      accept: '*/*',
      authorization: `Api-Key ${key}`,
    });
    expect(hash).toBe(createHash('sha256').update(head).update(sample).digest('hex'));
  });

  test('leaves the key in no file, also when everything fails', async () => {
    await using house = await world();
    await using server = await serve((_request, response) => {
      response.writeHead(500, { 'x-echo': 'x' }).end('{"error":"no"}');
    });
    await start(house.core, intentFor({ kind: 'url', url: server.url }, [file(house.sampleId)]))
      .outcome;
    const files = await readdir(house.directory, { recursive: true, withFileTypes: true });
    const contents = await Promise.all(
      files
        .filter((entry) => entry.isFile())
        .map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
    );
    expect(contents.length).toBeGreaterThan(0);
    expect(contents.join()).not.toContain(key);
  });
});

describe('when the network or the server fails', () => {
  test('nobody listening, a lost connection and words that are no HTTP are told apart', async () => {
    await using house = await world();
    const closed = await serve(() => undefined);
    await closed[Symbol.asyncDispose]();
    await using dropped = await raw((socket) => socket.resetAndDestroy());
    await using garbage = await raw((socket) => socket.end('SSH-2.0-OpenSSH\r\n\r\n'));
    const codes: (string | undefined)[] = [];
    for (const { url } of [closed, dropped, garbage]) {
      codes.push(
        (await start(house.core, intentFor({ kind: 'url', url }, [])).outcome).failure?.code,
      );
    }
    expect(codes).toEqual(['connection_refused', 'connection_lost', 'protocol_error']);
  });

  test('an answer cut short keeps what came, with a length and without', async () => {
    await using house = await world();
    const heads = [
      'content-length: 100\r\n\r\nabcde',
      'transfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n',
    ];
    for (const head of heads) {
      await using server = await raw((socket) =>
        socket.end(`HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\n${head}`),
      );
      const outcome = await start(house.core, intentFor({ kind: 'url', url: server.url }, []))
        .outcome;
      expect(outcome).toMatchObject({
        state: 'failed',
        failure: { code: 'answer_incomplete' },
        received: 5,
      });
      expect((await partBytes(house.core, outcome)).toString()).toBe('abcde');
    }
  });

  test('a redirect is refused and the other host hears nothing', async () => {
    await using house = await world();
    let heard = 0;
    await using other = await serve((_request, response) => {
      heard += 1;
      response.end();
    });
    await using server = await serve((_request, response) => {
      response.writeHead(307, { location: other.url }).end();
    });
    const outcome = await start(house.core, intentFor({ kind: 'url', url: server.url }, []))
      .outcome;
    expect(outcome.failure?.code).toBe('redirected');
    expect(heard).toBe(0);
  });

  test('an answer in the middle of a large upload counts', async () => {
    await using house = await world();
    const large = join(house.directory, 'large.bin');
    await writeFile(large, Buffer.alloc(30_000_000, 1));
    const { id } = await house.core.inputs.admit(large);
    await using server = await raw((socket) => {
      socket.write(
        'HTTP/1.1 413 Payload Too Large\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}',
      );
      socket.pause();
    });
    const outcome = await start(house.core, intentFor({ kind: 'url', url: server.url }, [file(id)]))
      .outcome;
    expect(outcome).toMatchObject({ state: 'failed', status: 413, failure: { code: 'too_large' } });
  });

  test('a time limit ends a run that would wait for ever', async () => {
    await using house = await world();
    await using server = await serve(() => undefined);
    const outcome = await house.core.start({
      runId: 'limited',
      intent: intentFor({ kind: 'url', url: server.url }, [], { limits: { total: 0.2 } }),
      onProgress: () => undefined,
    });
    expect(outcome.failure?.code).toBe('timed_out');
  });
});

describe('a server that breaks the rules of the exchange', () => {
  test('switching protocols unasked ends the run in words', async () => {
    await using house = await world();
    await using server = await raw((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    );
    const outcome = await start(house.core, intentFor({ kind: 'url', url: server.url }, []))
      .outcome;
    expect(outcome).toMatchObject({ state: 'failed', failure: { code: 'connection_lost' } });
  });

  test('answering while it still reads loses nothing in either direction', async () => {
    await using house = await world();
    const large = join(house.directory, 'large.bin');
    await writeFile(large, Buffer.alloc(20_000_000, 5));
    const { id } = await house.core.inputs.admit(large);
    await using server = await serve((request, response) => {
      response.writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-length': request.headers['content-length'],
      });
      request.pipe(response);
    });
    const outcome = await start(house.core, intentFor({ kind: 'url', url: server.url }, [file(id)]))
      .outcome;
    expect(outcome).toMatchObject({
      state: 'done',
      parts: [{ name: 'byte_data', size: 20_000_000 }],
    });
    expect(outcome.received).toBe(outcome.sent);
  });

  test('after an upload that was cut off, the next run and its key take another connection', async () => {
    await using house = await world();
    const large = join(house.directory, 'large.bin');
    await writeFile(large, Buffer.alloc(30_000_000, 1));
    const { id } = await house.core.inputs.admit(large);
    const heard: Buffer[][] = [];
    await using server = await raw((socket) => {
      const chunks: Buffer[] = [];
      heard.push(chunks);
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.write('HTTP/1.1 413 Payload Too Large\r\ncontent-length: 2\r\n\r\n{}');
    });
    await start(house.core, intentFor({ kind: 'url', url: server.url }, [file(id)])).outcome;
    await start(house.core, intentFor({ kind: 'url', url: server.url }, [])).outcome;
    expect(heard.length).toBe(2);
    expect(Buffer.concat(heard[0] ?? []).toString('latin1')).not.toContain('POST');
  });

  test('a key that it says back reaches neither the page nor the record', async () => {
    await using house = await world();
    await using server = await serve((request, response) => {
      const heard = request.headers.authorization ?? '';
      response.writeHead(500, { 'x-heard': heard }).end(JSON.stringify({ error: `no: ${heard}` }));
    });
    const { outcome, runId } = start(house.core, intentFor({ kind: 'url', url: server.url }, []));
    expect(JSON.stringify(await outcome)).not.toContain(key);
    expect((await outcome).failure?.detail).toContain('[key]');
    expect(await readFile(join(house.core.runFolder(runId), 'run.json'), 'utf8')).not.toContain(
      key,
    );
  });
});

describe('cancelling', () => {
  test.each(['uploading', 'waiting'] as const)(
    'while %s ends the run and the connection',
    async (phase) => {
      await using house = await world();
      const large = join(house.directory, 'large.bin');
      await writeFile(large, Buffer.alloc(phase === 'uploading' ? 80_000_000 : 10, 1));
      const { id } = await house.core.inputs.admit(large);
      let closed = false;
      let readOn = (): unknown => undefined;
      await using server = await serve((request) => {
        if (phase === 'waiting') request.resume();
        // A server that reads nothing would not notice the end of the connection either.
        readOn = () => request.resume();
        request.socket.once('close', () => {
          closed = true;
        });
      });
      const { outcome, runId } = start(
        house.core,
        intentFor({ kind: 'url', url: server.url }, [file(id)]),
        (progress) => {
          if (progress.phase === phase && progress.sent > 0) house.core.cancel(runId);
        },
      );
      expect(await outcome).toMatchObject({ state: 'cancelled', parts: [] });
      readOn();
      await expect.poll(() => closed).toBe(true);
    },
  );

  test('the seventh run at once waits its turn, and can be cancelled there', async () => {
    await using house = await world();
    await using server = await serve(() => undefined);
    const intent = intentFor({ kind: 'url', url: server.url }, []);
    const six = Array.from({ length: 6 }, () => start(house.core, intent));
    const phases: string[] = [];
    const seventh = start(house.core, intent, ({ phase }) => phases.push(phase));
    await expect.poll(() => phases).toEqual(['queued']);
    house.core.cancel(seventh.runId);
    expect((await seventh.outcome).state).toBe('cancelled');
    for (const { runId } of six) house.core.cancel(runId);
    const states = await Promise.all(six.map(async ({ outcome }) => (await outcome).state));
    expect(new Set(states)).toEqual(new Set(['cancelled']));
  });
});

describe('answers', () => {
  async function answer(
    contentType: string,
    body: string | Buffer,
    intent: Partial<Intent> = {},
    chunked = false,
  ): Promise<{ outcome: RunOutcome; first: Buffer }> {
    await using house = await world();
    await using server = await serve((_request, response) => {
      response.writeHead(200, {
        'content-type': contentType,
        ...(chunked ? {} : { 'content-length': Buffer.byteLength(body) }),
      });
      response.end(body);
    });
    const outcome = await start(house.core, intentFor({ kind: 'url', url: server.url }, [], intent))
      .outcome;
    return {
      outcome,
      first: outcome.parts.length > 0 ? await partBytes(house.core, outcome) : Buffer.alloc(0),
    };
  }

  test('base64 sound in JSON becomes a part, wherever it is', async () => {
    const sound = (await readFile(samplePath)).subarray(0, 30_000);
    const { outcome, first } = await answer(
      'application/json',
      JSON.stringify({ data: [{ audio: sound.toString('base64') }], n: 1 }),
    );
    expect(outcome.parts[0]).toMatchObject({ name: 'data[0].audio', kind: { format: 'mp3' } });
    expect(first.equals(sound)).toBe(true);
    expect(outcome.output).toMatchObject({ n: 1 });
  });

  test('two values under one key are two parts', async () => {
    const entry = [0xa1, 0x61, 0xc4, 4, ...Buffer.from('fLaC')];
    const { outcome } = await answer(
      'application/octet-stream',
      Buffer.from([0x82, ...entry, ...entry]),
    );
    expect(outcome.parts.map(({ name }) => name)).toEqual(['a', 'a (2)']);
    expect(outcome.output).toEqual({
      $type: 'map',
      entries: [
        ['a', { $type: 'bytes', length: 4, part: 'a' }],
        ['a', { $type: 'bytes', length: 4, part: 'a (2)' }],
      ],
    });
  });

  test('octet-stream that is no msgpack is the model’s raw bytes', async () => {
    const { outcome, first } = await answer(
      'application/octet-stream',
      Buffer.from('fLaC and more'),
    );
    expect(outcome.parts[0]).toMatchObject({ name: 'answer', kind: { format: 'flac' } });
    expect(first.toString()).toBe('fLaC and more');
    expect(outcome.warnings).toEqual([]);
  });

  test('a chunked octet-stream is never taken for a message', async () => {
    const { outcome, first } = await answer(
      'application/octet-stream',
      Buffer.from([0x81, 0xa1, 0x61, 1]),
      {},
      true,
    );
    expect(outcome.output).toBeUndefined();
    expect([...first]).toEqual([0x81, 0xa1, 0x61, 1]);
  });

  test('a 200 that says it is an error is a failure, with its words', async () => {
    const { outcome } = await answer(
      'application/json',
      '{"status":"error","data":null,"message":"CUDA out of memory"}',
    );
    expect(outcome).toMatchObject({
      state: 'failed',
      status: 200,
      failure: { code: 'answer_is_error', detail: 'CUDA out of memory' },
    });
    expect(outcome.output).toMatchObject({ status: 'error' });
  });

  test('an empty stream is warned about', async () => {
    const { outcome } = await answer('application/octet-stream', '', {}, true);
    expect(outcome.state).toBe('done');
    expect(outcome.warnings[0]).toMatch(/without a single byte/);
  });
});

test('a stream can be followed while it grows and after its end, and each reader gets every byte', async () => {
  await using house = await world();
  const seen = Promise.withResolvers<undefined>();
  await using server = await serve((request, response) => {
    request.resume();
    response.setHeader('content-type', 'text/plain');
    response.write('Four ');
    void seen.promise.then(() => response.end('score'));
  });
  const { outcome } = start(
    house.core,
    intentFor({ kind: 'url', url: server.url }, [file(house.sampleId)]),
    ({ live }) => {
      if (live?.words) followed ??= follow(live.words.url);
    },
  );
  let followed: Promise<string> | undefined;
  async function follow(url: string): Promise<string> {
    for (let text = '', complete = false; ;) {
      const response = await house.core.serve(new Request(`http://page${url}?from=${text.length}`));
      complete = response?.headers.get('x-live-complete') === '1';
      text += (await response?.text()) ?? '';
      if (text.length >= 5) seen.resolve(undefined);
      if (complete) return text;
    }
  }
  expect(await outcome).toMatchObject({ state: 'done', received: 10 });
  expect(await followed).toBe('Four score');
  expect(await follow(`/runs/${(await outcome).runId}/live/words`)).toBe('Four score');
});

test('an answer with a length is not offered as a stream, unless it is asked for as one', async () => {
  await using house = await world();
  await using server = await serve((request, response) => {
    request.resume();
    response.end('Four score');
  });
  for (const answer of ['auto', 'stream'] as const) {
    let live: unknown;
    const intent = intentFor({ kind: 'url', url: server.url }, [file(house.sampleId)], { answer });
    await start(house.core, intent, (progress) => {
      live = progress.live ?? live;
    }).outcome;
    expect(live !== undefined).toBe(answer === 'stream');
  }
});
