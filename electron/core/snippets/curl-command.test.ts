import { execFile } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, type TestContext } from 'vitest';
import type { Field, Intent, Travel } from '../../contract/intent.ts';
import { requestBody } from '../codec/request-body.ts';
import { Inputs } from '../files/inputs.ts';
import { answerMsgpack } from '../testing/model-answers.ts';
import { startModelServer, type ModelServer } from '../testing/model-server.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { curlCommand } from './curl-command.ts';

const sound = Buffer.from(Array.from({ length: 70_001 }, (_, index) => (index * 7) % 256));
const nasty = `it's "100%" $HOME \`id\` \\n @x;y=z&\nén ✓ -`;
const key = 'abcd1234.s3cret';

type World = AsyncDisposable & {
  server: ModelServer;
  inputs: Inputs;
  directory: string;
  /** Runs a command in a shell, below `directory`. */
  sh: (shell: string, command: string) => Promise<void>;
};

async function world(context: TestContext): Promise<World> {
  const hasCurl = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => access(join(folder, 'curl')));
  await Promise.any(hasCurl).catch(() => {
    context.skip('curl is not here');
  });
  const scratch = await scratchDirectory();
  const server = await startModelServer();
  server.answer('/predict', answerMsgpack(1));
  return {
    server,
    inputs: new Inputs(),
    directory: scratch.path,
    async sh(shell, command) {
      const env = { PATH: process.env['PATH'], BASETEN_API_KEY: key, HOME: scratch.path };
      const script = join(scratch.path, 'script.sh');
      await writeFile(script, command);
      await promisify(execFile)(shell, [script], { cwd: scratch.path, env });
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

const file = (name: string, inputId: string, travel?: Travel): Field => ({
  name,
  value: { type: 'file', inputId, travel },
});
const text = (name: string, words: string): Field => ({
  name,
  value: { type: 'text', text: words },
});

/** Runs the command for these fields and compares what came with what Soundpost would send. */
async function sendsTheSame(at: World, body: Intent['body'], fields: Field[]): Promise<string> {
  const built = await requestBody({ body, fields }, (id) => at.inputs.open(id));
  const pieces = built.pieces.map((piece) => piece.read(0, piece.size));
  const url = new URL(`${at.server.url}/predict?a=[1]&b='$HOME'`);
  const command = curlCommand({ url, keyAs: 'Api-Key', body: built });
  for (const shell of ['sh', 'bash']) {
    await at.sh(shell, command);
    const seen = at.server.requests.at(-1);
    expect(seen?.body?.equals(Buffer.concat(await Promise.all(pieces)))).toBe(true);
    expect(seen?.path).toBe(`/predict?a=[1]&b=%27$HOME%27`);
    expect(seen?.headers).toMatchObject({
      authorization: `Api-Key ${key}`,
      'content-type': built.contentType,
      'content-length': String(built.length),
      accept: '*/*',
    });
  }
  expect(command).not.toContain(key);
  return command;
}

test('the command sends the very bytes, in every body and whatever the names hold', async (context) => {
  await using at = await world(context);
  const path = join(at.directory, nasty, `${nasty}.wav`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, sound);
  const { id } = await at.inputs.admit(path);
  for (const body of ['msgpack', 'json', 'multipart'] as const) {
    await sendsTheSame(at, body, [text(nasty, nasty)]);
    await sendsTheSame(at, body, [file(nasty, id), text('after', nasty)]);
    await sendsTheSame(at, body, [
      file('a', id, { as: 'base64' }),
      file('b', id, { as: 'data-uri' }),
    ]);
  }
  await sendsTheSame(at, 'raw', [file('', id)]);
  await sendsTheSame(at, 'json', [file('', id)]);
  await sendsTheSame(at, 'msgpack', [text('long', nasty.repeat(5000))]);
  await sendsTheSame(at, 'json', [text('long', nasty.repeat(5000))]);
});

test('a path that begins with a dash is a file still', async (context) => {
  await using at = await world(context);
  await writeFile(join(at.directory, '-n'), sound);
  const back = process.cwd();
  process.chdir(at.directory);
  context.onTestFinished(() => {
    process.chdir(back);
  });
  const { id } = await at.inputs.admit('-n');
  expect(await sendsTheSame(at, 'raw', [file('', id)])).toContain(`--data-binary '@./-n'`);
  expect(await sendsTheSame(at, 'msgpack', [file('a', id)])).toContain(`cat './-n'`);
});

test('what a person can read is left readable', async () => {
  const body = await requestBody({ body: 'json', fields: [text('text', "it's")] }, () =>
    Promise.reject(new Error('unused')),
  );
  const url = new URL('https://model-abc.api.baseten.co/production/predict');
  expect(curlCommand({ url, keyAs: 'Bearer', body })).toBe(`curl '${url.href}' \\
  -H "Authorization: Bearer $BASETEN_API_KEY" \\
  -H 'Content-Type: application/json' \\
  --data-raw '{"text":"it'\\''s"}'`);
});
