import { decode } from '@msgpack/msgpack';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PresetDraft } from '../../contract/preset.ts';
import { Presets } from '../presets/presets.ts';
import { mediaBytes } from '../testing/answered.ts';
import { answerMsgpack, echo, says } from '../testing/model-answers.ts';
import { startModelServer, type Behaviour, type ModelServer } from '../testing/model-server.ts';
import { scratchDirectory } from '../testing/scratch-directory.ts';

const cli = join(import.meta.dirname, '../../cli.ts');
const tone = await mediaBytes('tone.wav');

type Ran = { status: number; stdout: string; stderr: string };
type World = AsyncDisposable & {
  directory: string;
  server: ModelServer;
  presets: Presets;
  /** The command line as a process of its own, in `directory`. */
  soundpost: (...args: string[]) => Promise<Ran>;
  /** The messages that the model was sent. */
  sent: () => unknown[];
};

async function world(...answers: [Behaviour, ...Behaviour[]]): Promise<World> {
  const scratch = await scratchDirectory();
  const directory = scratch.path;
  const server = await startModelServer();
  server.answer('/predict', ...answers);
  const presets = new Presets({
    path: join(directory, '.config/soundpost/presets.json'),
    isApproved: () => Promise.resolve(false),
    log: (error) => {
      throw error;
    },
  });
  const preset: PresetDraft = {
    name: 'Change voice',
    target: { kind: 'url', url: `${server.url}/predict` },
    ...{ auth: 'api-key', body: 'msgpack', answer: 'auto', retries: 0 },
    fields: [
      { name: 'reference', type: 'file', optional: true },
      { name: 'byte_data', type: 'file', takesDrop: true },
      { name: 'speed', type: 'number', literal: '1.0' },
      { name: 'clean', type: 'switch', on: true },
      { name: 'voice', type: 'choice', text: 'tara', choices: ['tara', 'leo'] },
      { name: 'more', type: 'json', text: '', optional: true },
    ],
  };
  await presets.create(preset);
  for (const name of ['one.wav', 'two.wav']) await writeFile(join(directory, name), tone);
  const env = { PATH: process.env['PATH'], HOME: directory, BASETEN_API_KEY: 'abcd1234.s3cret' };
  return {
    directory,
    server,
    presets,
    soundpost: (...args) =>
      new Promise((resolve) => {
        const options = { env, cwd: directory, timeout: 15_000 };
        execFile(process.execPath, [cli, ...args], options, (error, stdout, stderr) => {
          resolve({ status: Number(error?.code ?? 0), stdout, stderr });
        });
      }),
    sent: () => server.requests.map(({ body }) => decode(new Uint8Array(body ?? []))),
    async [Symbol.asyncDispose]() {
      await server.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

const run = ['run', '--preset', 'change voice', '--allow-host', '127.0.0.1'];

test('a preset sends its defaults, each with its type, and leaves out what is empty', async () => {
  await using at = await world(echo());
  expect(await at.soundpost(...run, 'one.wav')).toMatchObject({ status: 0 });
  expect(at.sent()).toEqual([
    { byte_data: new Uint8Array(tone), speed: 1, clean: true, voice: 'tara' },
  ]);
  // A float, as it was written: 1.0.
  expect(at.server.requests[0]?.body?.toString('latin1')).toContain('speed\xcb\x3f\xf0');
  expect(at.server.requests[0]?.headers['authorization']).toBe('Api-Key abcd1234.s3cret');
});

test('what is written replaces defaults, with the type of its field, and adds fields', async () => {
  await using at = await world(echo());
  const fields = [
    'speed=2',
    'clean=false',
    'voice=leo',
    'more={"a":[1]}',
    'extra=x',
    'reference@two.wav',
  ];
  await at.soundpost(...run, 'one.wav', ...fields, '--as', 'reference=base64');
  expect(at.sent()).toEqual([
    {
      byte_data: new Uint8Array(tone),
      reference: tone.toString('base64'),
      ...{ speed: 2, clean: false, voice: 'leo', more: { a: [1] }, extra: 'x' },
    },
  ]);
  await at.soundpost(...run, 'one.wav', 'voice:="zoe"', '--body', 'json');
  expect(JSON.parse(String(at.server.requests[1]?.body))).toMatchObject({ voice: 'zoe' });
});

test.each<[string, string[], RegExp]>([
  ['a choice that is none', ['voice=bob'], /“voice” can’t be “bob”. It is one of: tara, leo/],
  ['a switch that is neither', ['clean=maybe'], /“clean” can’t be “maybe”. It is true or false/],
  ['an --as for no file', ['--as', 'speed=base64'], /no file’s name is “speed”/],
  ['a deployment for an address', ['--deployment', 'development'], /need --model/],
  ['one file for two answers', ['two.wav', '--out', 'x.wav'], /several answers would go there/],
  [
    'one name for two answers',
    ['two.wav', '--out', '{preset}.wav'],
    /several answers would go there/,
  ],
  ['standard output for two answers', ['two.wav', '--out', '-'], /several answers would go there/],
])('%s is said before anything is sent', async (_name, args, words) => {
  await using at = await world(echo());
  const { status, stderr } = await at.soundpost(...run, 'one.wav', ...args);
  expect(stderr).toMatch(words);
  expect(status).toBe(2);
  expect(at.server.requests).toEqual([]);
});

test('a file that is not there keeps all of them from being sent', async () => {
  await using at = await world(echo());
  const { status, stderr } = await at.soundpost(...run, 'one.wav', 'none.wav');
  expect(stderr).toContain('none.wav: There is no such file.');
  expect(status).toBe(4);
  expect(at.server.requests).toEqual([]);
});

test('several files are run one after another, into a folder or under names made of theirs', async () => {
  await using at = await world(answerMsgpack({ byte_data: tone }));
  await mkdir(join(at.directory, 'out'));
  await mkdir(join(at.directory, 'other'));
  await writeFile(join(at.directory, 'other/one.wav'), tone);
  const files = ['one.wav', 'two.wav', 'other/one.wav'];
  expect(await at.soundpost(...run, ...files, '--out', 'out')).toMatchObject({ status: 0 });
  expect((await readdir(join(at.directory, 'out'))).toSorted()).toEqual([
    'one (2)-byte_data.wav',
    'one-byte_data.wav',
    'two-byte_data.wav',
  ]);
  const out = 'other/{input}-{preset}-{model}.wav';
  const named = await at.soundpost(...run, 'one.wav', 'two.wav', '--out', out);
  expect(named.stderr).toContain('two.wav (2 of 2)');
  expect((await readdir(join(at.directory, 'other'))).toSorted()).toEqual([
    'one-Change voice-127.0.0.1.wav',
    'one.wav',
    'two-Change voice-127.0.0.1.wav',
  ]);
});

test('one that fails keeps none of the others from being run, and decides the exit status', async () => {
  await using at = await world(says(500, 'no'), answerMsgpack({ byte_data: tone }));
  const { status, stdout } = await at.soundpost(...run, 'one.wav', 'two.wav', '--json');
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; path?: string });
  const told = events.filter(({ event }) => ['input', 'done', 'failed'].includes(event));
  expect(told.map(({ event, path }) => [event, path])).toEqual([
    ['input', 'one.wav'],
    ['failed', undefined],
    ['input', 'two.wav'],
    ['done', undefined],
  ]);
  expect(status).toBe(1);
});

test('an unknown preset is answered with the names that may have been meant', async () => {
  await using at = await world(echo());
  const { status, stderr } = await at.soundpost('run', '--preset', 'Chnage voice', 'one.wav');
  expect(status).toBe(2);
  expect(stderr).toMatch(/no preset “Chnage voice”. Did you mean “Change voice”\?/);
  const far = await at.soundpost('run', '--preset', 'Something else', 'one.wav');
  expect(far.stderr).toContain('“soundpost presets” lists them.');
});

test('a model’s preset keeps its path and deployment when another model is named', async () => {
  await using at = await world(echo());
  const deployment = { kind: 'environment', name: 'staging' } as const;
  const target = {
    kind: 'model',
    modelId: 'abc',
    deployment,
    path: 'sync/v1/audio/speech',
  } as const;
  const shape = { auth: 'bearer', body: 'json', answer: 'auto' } as const;
  await at.presets.create({
    name: 'Say',
    target,
    ...shape,
    fields: [{ name: 'input', type: 'text', text: 'Hi' }],
  });
  const say = ['run', '--preset', 'Say', '--dry-run'];
  const other = await at.soundpost(...say, '--model', 'xyz');
  expect(other.stdout).toContain(
    'https://model-xyz.api.baseten.co/environments/staging/sync/v1/audio/speech',
  );
  expect(other.stdout).toContain('Bearer $BASETEN_API_KEY');
  const production = await at.soundpost(...say, '--deployment', 'production', '--path', 'predict');
  expect(production.stdout).toContain('https://model-abc.api.baseten.co/production/predict');
});

test('presets are exported, imported and listed, and an imported host is given no key unasked', async () => {
  await using at = await world(echo());
  const exported = await at.soundpost('presets', 'export', 'Change voice');
  expect(exported.status).toBe(0);
  await writeFile(join(at.directory, 'team.soundpost'), exported.stdout);
  const imported = await at.soundpost('presets', 'import', 'team.soundpost');
  expect(imported.stdout).toBe('Added “Change voice 2”.\n');
  expect(imported.stderr).toMatch(/127\.0\.0\.1:\d+ is not Baseten’s and gets your key only/);

  const listed = await at.soundpost('presets');
  const [head, ...rows] = listed.stdout.trimEnd().split('\n');
  expect(head).toMatch(/^NAME {12}GOES TO {10,}FIELDS$/);
  expect(rows).toHaveLength(2);
  expect(rows[1]).toMatch(/^Change voice 2 {2}127\.0\.0\.1:\d+ {2}reference@ byte_data@ speed/);
  const json = JSON.parse((await at.soundpost('presets', '--json')).stdout) as {
    presets: unknown[];
  };
  expect(json.presets).toHaveLength(2);

  const refused = await at.soundpost('run', '--preset', 'Change voice 2', 'one.wav');
  expect(refused.stderr).toMatch(/Nothing was sent.*--allow-host/);
  expect(refused.status).toBe(2);
  expect(at.server.requests).toEqual([]);
});

test('what can’t be imported is said, named as it was written, and a damaged file of presets too', async () => {
  await using at = await world(echo());
  const none = await at.soundpost('presets', 'import', 'none.soundpost');
  expect(none).toMatchObject({ status: 4, stdout: '' });
  expect(none.stderr).toContain('none.soundpost: There is no such file.');
  const wav = await at.soundpost('presets', 'import', 'one.wav');
  expect(wav.stderr).toContain('one.wav: That is no export');
  expect(wav.status).toBe(2);

  const path = join(at.directory, '.config/soundpost/presets.json');
  await writeFile(path, (await readFile(path, 'utf8')).slice(0, 100));
  const damaged = await at.soundpost('presets');
  expect(damaged).toMatchObject({ status: 0, stdout: '' });
  expect(damaged.stderr).toMatch(/damaged.*set aside as presets\.json\.damaged/);
});

test('a preset that saves its answers does so, and --out says otherwise', async () => {
  await using at = await world(echo());
  const [preset] = (await at.presets.list()).presets;
  if (!preset) throw new Error('There is no preset.');
  await at.presets.update({ ...preset, save: { auto: true, template: '{preset}/{input}' } });
  const folder = join(at.directory, 'Music/Soundpost/Change voice');
  const { stderr } = await at.soundpost(...run, 'one.wav', 'two.wav');
  expect((await readdir(folder)).sort()).toEqual(['one.wav', 'two.wav']);
  expect(stderr).toContain(join(folder, 'one.wav'));
  const { stdout } = await at.soundpost(...run, 'one.wav', '--json');
  expect(stdout).toContain(JSON.stringify(join(folder, 'one (2).wav')));
  await at.soundpost(...run, 'one.wav', '--out', 'here.wav');
  expect(await readFile(join(at.directory, 'here.wav'))).toEqual(tone);
  expect(await readdir(folder)).toHaveLength(3);

  await mkdir(join(at.directory, '.config/soundpost'), { recursive: true });
  const settings = { version: 1, outputFolder: join(at.directory, 'one.wav') };
  await writeFile(join(at.directory, '.config/soundpost/settings.json'), JSON.stringify(settings));
  const failed = await at.soundpost(...run, 'one.wav');
  expect(failed.status).toBe(4);
  expect(failed.stderr).toMatch(/A file is in its place/);
});
