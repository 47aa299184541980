import { decode } from '@msgpack/msgpack';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createCore } from '../core.ts';
import { answerBytes, answerMsgpack } from '../testing/model-answers.ts';
import { startModelServer, type Behaviour, type ModelServer } from '../testing/model-server.ts';
import { array, msgpackOf, tone } from '../testing/array-answer.ts';
import { samples16, wavFile } from '../testing/wav-file.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { parseArguments } from './parse-arguments.ts';
import { humanReporter, jsonReporter } from './reporter.ts';
import { runCommand } from './run-command.ts';
import { oneKey } from '../baseten/key-choice.ts';

const sound = Buffer.concat([Buffer.from('ID3\u0004'), Buffer.alloc(3_000_000, 7)]);

type Ran = { status: number; stdout: Buffer; stderr: string };
type World = AsyncDisposable & {
  directory: string;
  server: ModelServer;
  /** Runs `soundpost run …` against the server. */
  run: (args: string[], signal?: AbortSignal, onOut?: (bytes: Uint8Array) => void) => Promise<Ran>;
};

async function world(answer: Behaviour): Promise<World> {
  const scratch = await scratchDirectory();
  const server = await startModelServer();
  server.answer('/predict', answer);
  const core = createCore({
    dataDirectory: join(scratch.path, 'data'),
    configDirectory: join(scratch.path, 'config'),
    home: scratch.path,
    sampleDirectory: scratch.path,
    keys: oneKey('abcd1234.s3cret'),
    isAllowed: () => true,
    askForHost: () => Promise.resolve('cancel'),
    log: () => undefined,
  });
  return {
    directory: scratch.path,
    server,
    async run(args, signal = new AbortController().signal, onOut = () => undefined) {
      const out: Uint8Array[] = [];
      let stderr = '';
      const streams = {
        out: (text: string) => out.push(Buffer.from(text)),
        error: (text: string) => (stderr += text),
        isTerminal: false,
        isOutTerminal: false,
      };
      const command = parseArguments(['run', '--url', `${server.url}/predict`, ...args]);
      if (command.command !== 'run') throw new Error('The test wants a run.');
      const status = await runCommand(command, {
        core,
        reporter: command.json ? jsonReporter(streams) : humanReporter(streams),
        writeOut: (bytes) => {
          out.push(bytes);
          onOut(bytes);
          return Promise.resolve();
        },
        signal,
      });
      return { status, stdout: Buffer.concat(out), stderr };
    },
    async [Symbol.asyncDispose]() {
      await core.close();
      await server.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

test('standard output is exactly the part’s bytes', async () => {
  await using at = await world(answerMsgpack({ byte_data: sound, seconds: 3 }));
  const { status, stdout } = await at.run(['text=hi', '--out', '-']);
  expect(status).toBe(0);
  expect(stdout.equals(sound)).toBe(true);
});

test('an answer without parts is one JSON text, on standard output or in the file', async () => {
  await using at = await world(answerMsgpack({ seconds: 3 }));
  const json = `${JSON.stringify({ seconds: 3 }, null, 2)}\n`;
  expect((await at.run(['text=hi', '--out', '-'])).stdout.toString()).toBe(json);
  expect((await at.run(['text=hi'])).stdout.toString()).toBe(json);

  const path = join(at.directory, 'j.json');
  const toFile = await at.run(['text=hi', '--out', path]);
  expect(toFile).toMatchObject({ status: 0, stdout: Buffer.alloc(0) });
  expect(await readFile(path, 'utf8')).toBe(json);
  expect((await at.run(['text=hi', '--out', `${at.directory}/`])).status).toBe(0);
  expect(await readFile(join(at.directory, 'answer.json'), 'utf8')).toBe(json);
});

test('an --out that can’t be written is refused before the model is run', async () => {
  await using at = await world(answerMsgpack({ byte_data: sound }));
  const path = join(at.directory, 'there.mp3');
  await writeFile(path, 'precious');
  const refused = await at.run(['text=hi', '--out', path]);
  expect(refused.status).toBe(4);
  expect(refused.stderr).toContain(`${path}: `);
  expect(refused.stderr).toContain('--force');
  expect(refused.stderr).toContain('file_exists');
  for (const place of ['none/a.mp3', 'none/', 'there.mp3/']) {
    const { status, stderr } = await at.run(['text=hi', '--out', `${at.directory}/${place}`]);
    expect(status).toBe(4);
    expect(stderr).toContain(`${at.directory}/${place}: There is no folder`);
  }
  expect(at.server.requests).toEqual([]);
  expect(await readFile(path, 'utf8')).toBe('precious');

  expect((await at.run(['text=hi', '--out', path, '--force'])).status).toBe(0);
  expect((await readFile(path)).equals(sound)).toBe(true);
});

test('several parts and one file fail, and say where the answer is kept', async () => {
  await using at = await world(answerMsgpack({ a: sound, b: sound }));
  for (const out of ['-', join(at.directory, 'one.mp3')]) {
    const { status, stderr, stdout } = await at.run(['text=hi', '--out', out]);
    expect(status).toBe(2);
    expect(stdout.length).toBe(0);
    const [, folder = ''] = /The answer is kept in (.*)\./.exec(stderr) ?? [];
    expect(await readdir(folder)).toContain('response.bin');
  }
});

test('a name that is taken keeps no other part from its place', async () => {
  await using at = await world(
    answerMsgpack({ first: sound, 'a/b': sound, 'a:b': sound, A_b: sound, last: sound }),
  );
  const folder = join(at.directory, 'takes');
  await mkdir(folder);
  expect((await at.run(['text=hi', '--out', folder])).status).toBe(0);
  const names = (await readdir(folder)).sort();
  expect(names).toEqual(['A_b (3).mp3', 'a_b (2).mp3', 'a_b.mp3', 'first.mp3', 'last.mp3']);
  const plain = join(at.directory, 'plain');
  await writeFile(plain, '');
  expect((await stat(join(folder, 'a_b.mp3'))).mode).toBe((await stat(plain)).mode);

  const second = join(at.directory, 'second');
  await mkdir(second);
  await writeFile(join(second, 'first.mp3'), 'precious');
  const { status, stderr } = await at.run(['text=hi', '--out', second]);
  expect(status).toBe(4);
  expect(stderr).toContain(`${join(second, 'first.mp3')}: A file with that name`);
  expect(stderr).toContain('The answer is kept in ');
  expect((await readdir(second)).sort()).toEqual(names);
  expect(await readFile(join(second, 'first.mp3'), 'utf8')).toBe('precious');
});

test('an input that is not there is named as it was written', async () => {
  await using at = await world(answerMsgpack(1));
  const { status, stderr } = await at.run(['nofile.mp3']);
  expect(status).toBe(4);
  expect(stderr).toContain('nofile.mp3: There is no such file.\n');
});

test('a run cancelled before it began sends nothing', async () => {
  await using at = await world(answerMsgpack(1));
  expect((await at.run(['text=hi'], AbortSignal.abort())).status).toBe(130);
  expect(at.server.requests).toEqual([]);
});

test('a model’s words can’t act on the terminal, and a size tells small from none', async () => {
  await using at = await world(answerMsgpack({ 'x\u001b[2J\u202e': Buffer.from('ID3\u0004abcd') }));
  const { stderr } = await at.run(['text=hi']);
  expect(stderr).toContain('8 B');
  expect(stderr).not.toMatch(/[\u001b\u202e]/);
});

test('--dry-run prints the curl command and sends nothing', async () => {
  await using at = await world(answerMsgpack(1));
  const { status, stdout, stderr } = await at.run(['text=hi', '--body', 'json', '--dry-run']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.toString()).toBe(`curl '${at.server.url}/predict' \\
  -H "Authorization: Api-Key $BASETEN_API_KEY" \\
  -H 'Content-Type: application/json' \\
  --data-raw '{"text":"hi"}'\n`);
  const json = await at.run(['text=hi', '--dry-run', '--json', '--auth', 'bearer']);
  expect(JSON.parse(json.stdout.toString())).toMatchObject({
    event: 'dry-run',
    command: expect.stringContaining('Authorization: Bearer $BASETEN_API_KEY') as string,
  });
  expect(at.server.requests).toEqual([]);
});

const cli = join(import.meta.dirname, '../../cli.ts');

/** The command line as a process of its own, through a shell. */
async function shell(script: string, directory: string, url: string): Promise<Ran> {
  const env = {
    PATH: process.env['PATH'],
    HOME: directory,
    BASETEN_API_KEY: 'abcd1234.s3cret',
    SOUNDPOST: `${process.execPath} ${cli} run --url ${url}/predict --allow-host 127.0.0.1 text=hi`,
  };
  try {
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], {
      env,
      timeout: 15_000,
    });
    return { status: 0, stdout: Buffer.from(stdout), stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout: Buffer.from(stdout), stderr };
  }
}

test('what Baseten would refuse for its size is refused before the key is looked for', async () => {
  await using at = await world(answerMsgpack(1));
  const path = join(at.directory, 'long.wav');
  await writeFile(path, 'RIFF');
  await truncate(path, 80_000_000);
  const script = `unset BASETEN_API_KEY; \${SOUNDPOST%% run*} run ${path} --model abc123 --body json`;
  const { status, stderr } = await shell(script, at.directory, at.server.url);
  expect(status).toBe(1);
  expect(stderr).toMatch(/would be 106\.7 MB.*As msgpack it would be 80\.1 MB[^]*too_large/);
});

test('--code prints a program, or a line for this one, and sends nothing', async () => {
  await using at = await world(answerMsgpack(1));
  const python = await at.run(['text=hi', 'speed:=1.0', '--body', 'json', '--code', 'python']);
  expect(python.status).toBe(0);
  expect(python.stdout.toString()).toContain(
    'message = {\n    "text": "hi",\n    "speed": 1.0,\n}\n',
  );
  const line = await at.run(["text=it's", '--code', 'cli', '--json']);
  expect(JSON.parse(line.stdout.toString())).toMatchObject({
    command: expect.stringContaining(`'text=it'\\''s'`) as string,
  });
  expect(at.server.requests).toEqual([]);
  const named = await at.run(['text=hi', '--code', 'cli', '--key', 'Work']);
  expect(named.stderr + named.stdout.toString()).toMatch(/Work/);
  await expect(at.run(['text=hi', '--code', 'perl'])).rejects.toThrow(/curl, python, javascript/);
});

test('--dry-run needs no key, promises none to a host that was not allowed, and has no demo', async () => {
  await using at = await world(answerMsgpack(1));
  const bare = (args: string): Promise<Ran> =>
    shell(
      ['unset BASETEN_API_KEY; ${SOUNDPOST%% run*} run', args, '--dry-run'].join(' '),
      at.directory,
      at.server.url,
    );
  const model = await bare('text=hi --model abc123 --body json');
  expect(model.status).toBe(0);
  expect(model.stdout.toString()).toContain('Api-Key $BASETEN_API_KEY');
  const host = await bare('text=hi --url https://my.host/predict');
  expect(host.stdout.toString()).not.toContain('Authorization');
  expect(host.stderr).toContain('--allow-host');
  const demo = await bare('text=hi --demo echo');
  expect(demo).toMatchObject({ status: 2, stdout: Buffer.from('') });
});

test('a full disk behind standard output is a failure, a reader that left is none', async (context) => {
  await access('/dev/full').catch(() => context.skip());
  await using at = await world(answerBytes(sound, 'audio/mpeg'));
  const full = await shell('$SOUNDPOST --out - > /dev/full', at.directory, at.server.url);
  expect(full.status).toBe(4);
  expect(full.stderr).toContain('disk of this computer is full');
  const script = 'set -o pipefail; $SOUNDPOST --out - | head -c 3';
  const left = await shell(script, at.directory, at.server.url);
  expect(left).toMatchObject({ status: 0, stdout: Buffer.from('ID3') });
});

test('a second Ctrl+C ends at once what the first could not', async () => {
  await using at = await world(answerBytes(sound, 'audio/mpeg'));
  // Nobody reads the pipe, so the run can't end in order.
  const script = `exec 3> >(exec sleep 30); pipe=$!
    $SOUNDPOST --out - >&3 & run=$!
    until grep -q Done <(ls ${at.directory}/.local/share/soundpost/runs/*/run.json 2>/dev/null && echo Done); do sleep 0.1; done
    kill -INT $run; sleep 0.3; kill -0 $run || exit 99; kill -INT $run; wait $run; status=$?; kill $pipe; exit $status`;
  expect((await shell(script, at.directory, at.server.url)).status).toBe(130);
});

test('a stream goes to standard output while it comes, byte for byte', async () => {
  const speech = Buffer.alloc(48_000, 'speech');
  const heard = Promise.withResolvers<Buffer>();
  await using house = await world(async ({ response, readAll }) => {
    await readAll();
    response.setHeader('content-type', 'application/octet-stream');
    response.write(speech.subarray(0, 1001));
    // The rest is only sent when the first bytes have come out at the other end.
    await heard.promise;
    response.end(speech.subarray(1001));
  });
  const { status, stdout } = await house.run(['text=hi', '--out', '-'], undefined, (bytes) => {
    heard.resolve(Buffer.from(bytes));
  });
  expect(status).toBe(0);
  expect(stdout.equals(speech)).toBe(true);
});

test('sound inside events goes to standard output while it comes, and the events themselves when a stream is asked for', async () => {
  const speech = samples16(Array.from({ length: 2000 }, (_, n) => n));
  const event = (samples: Buffer): string =>
    `data: ${JSON.stringify({ audio: samples.toString('base64') })}\n\n`;
  const events = [event(speech.subarray(0, 2000)), event(speech.subarray(2000))];
  let heard = Promise.withResolvers<undefined>();
  await using house = await world(async ({ response, readAll }) => {
    await readAll();
    response.setHeader('content-type', 'text/event-stream');
    response.write(events[0]);
    await heard.promise;
    response.end(events[1]);
  });
  for (const [args, expected] of [
    [[], speech],
    [['--answer', 'stream'], Buffer.from(events.join(''))],
  ] as const) {
    heard = Promise.withResolvers();
    const all = ['text=hi', '--pcm', 's16le@24000', '--out', '-', ...args];
    const { status, stdout } = await house.run(all, undefined, () => {
      heard.resolve(undefined);
    });
    expect(status).toBe(0);
    expect(stdout.equals(expected)).toBe(true);
  }
});

test('a WAV goes as samples, and another format is refused with what to do', async () => {
  await using at = await world(answerMsgpack('taken'));
  const wav = join(at.directory, 'take.wav');
  const samples = samples16(Array.from({ length: 4000 }, (_, n) => n));
  await writeFile(wav, wavFile({ sampleRate: 16_000, data: samples }));
  const as = ['--as', 'audio=samples:int16@16000'];
  expect((await at.run([`audio@${wav}`, ...as])).status).toBe(0);
  const { body } = await at.server.waitForRequest();
  expect(body?.subarray(-samples.length)).toEqual(samples);
  expect(body?.toString('latin1')).toMatch(/audio.*nd.*type.*<i2.*shape\x91\xcd\x0f\xa0.*data/s);

  const mp3 = join(at.directory, 'take.mp3');
  await writeFile(mp3, sound);
  const refused = await at.run([`audio@${mp3}`, ...as]);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(/Convert the file to WAV first/);
  expect(at.server.requests).toHaveLength(1);
});

test('an array that is sound is put out as a WAV', async () => {
  const items = tone(440, 16_000, 16_000);
  const answer = { audio: array('<f4', [1, 16_000], items), sample_rate: 16_000 };
  await using at = await world(answerBytes(await msgpackOf(answer)));
  const { status, stdout } = await at.run(['text=hi', '--out', at.directory, '--json', '--sha256']);
  expect(status).toBe(0);
  const wav = await readFile(join(at.directory, 'audio.wav'));
  expect(wav.subarray(0, 4).toString()).toBe('RIFF');
  expect(wav.readUInt32LE(24)).toBe(16_000);
  expect(wav.subarray(44)).toEqual(Buffer.from(items.buffer));
  expect(stdout.toString()).toContain(createHash('sha256').update(wav).digest('hex'));
  expect(stdout.toString()).toContain(`"bytes":${wav.length}`);
  expect((await at.run(['text=hi', '--out', '-'])).stdout).toEqual(wav);
});

/** The last of the JSON lines. */
function lastEvent({ stdout }: Ran): Record<string, unknown> {
  return JSON.parse(stdout.toString().trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

test.each([[null], [false], [0], ['word'], [[]]])(
  'the done event carries the whole message, also when it is %j',
  async (value) => {
    await using at = await world(answerMsgpack(value));
    expect(lastEvent(await at.run(['text=hi', '--json']))).toMatchObject({
      event: 'done',
      output: value,
    });
  },
);

test('--sha256 tells the hash of every bytes value in the output, the part’s own beside it', async () => {
  await using at = await world(answerMsgpack({ byte_data: sound }));
  const sha256 = createHash('sha256').update(sound).digest('hex');
  const bytes = { $type: 'bytes', length: sound.length, part: 'byte_data' };
  const plain = await at.run(['text=hi', '--json']);
  expect(lastEvent(plain)['output']).toEqual({ byte_data: bytes });
  const hashed = await at.run(['text=hi', '--json', '--sha256']);
  expect(lastEvent(hashed)['output']).toEqual({ byte_data: { ...bytes, sha256 } });
  expect(hashed.stdout.toString()).toContain(`"kind":"mp3","sha256":"${sha256}"`);
});

test('an output above 16 MiB is cut and flagged, in the event and the record, and the answer is kept whole', async () => {
  const message = { words: Array<string>(300_000).fill('w'.repeat(80)) };
  await using at = await world(answerMsgpack(message));
  const done = lastEvent(await at.run(['text=hi', '--json']));
  const size = Buffer.byteLength(JSON.stringify(done['output']));
  expect(done['outputTruncated']).toBe(true);
  expect(size).toBeLessThanOrEqual(16 * 1024 * 1024);
  expect(size).toBeGreaterThan(15 * 1024 * 1024);
  const folder = String(done['folder']);
  const record = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as {
    outcome: Record<string, unknown>;
  };
  expect(record.outcome['outputTruncated']).toBe(true);
  expect(record.outcome['output']).toEqual(done['output']);
  expect(decode(await readFile(join(folder, 'response.bin')))).toEqual(message);
});
