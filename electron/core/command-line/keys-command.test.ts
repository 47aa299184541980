import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithKeyring } from '../keychain/testing/describe-with-keyring.ts';
import { keyringSession } from '../keychain/testing/keyring-session.ts';
import { startInstallation } from '../testing/installation-server.ts';
import { echo } from '../testing/model-answers.ts';
import { parseArguments } from './parse-arguments.ts';

/** Built, since the keychain's process is found beside it. */
const cli = join(import.meta.dirname, '../../../out/main/cli.js');
const STUDIO = 'abcd1234.STUDIO5678';
const LAB = 'wxyz9876.LABORA4321';

const model = (id: string, status: string) => ({
  ...{ id, name: `Model ${id}` },
  deployments: [
    { id: `${id}d`, status, is_production: true, environment: 'production' },
    { id: `${id}s`, status: 'INACTIVE', environment: 'staging' },
  ],
});

async function world() {
  await using cleanup = new AsyncDisposableStack();
  const session = cleanup.use(await keyringSession('unlocked'));
  const studio = cleanup.use(
    await startInstallation({ key: STUDIO, models: [model('m1', 'SCALED_TO_ZERO')] }),
  );
  const lab = cleanup.use(
    await startInstallation({ key: LAB, workspace: 'Lab', models: [model('m1', 'ACTIVE')] }),
  );
  studio.answerModel('m1', 'production', echo());
  lab.answerModel('m1', 'production', echo());
  const env = {
    ...session.environment,
    BASETEN_MANAGEMENT_API_URL_OVERRIDE: studio.installation.management,
    BASETEN_INFERENCE_BASE_URL_OVERRIDE: studio.installation.inference,
  };
  /** The built command line as a process of its own. */
  const soundpost = (args: string[], input = '', more: Record<string, string> = {}) =>
    new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
      const child = spawn(process.execPath, [cli, ...args], { env: { ...env, ...more } });
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.on('close', (status) => {
        resolve({ status, stdout, stderr });
      });
      child.stdin.end(input);
    });
  const finish = cleanup.move();
  return {
    ...{ studio, lab, soundpost, home: session.environment['HOME'] ?? '' },
    [Symbol.asyncDispose]: () => finish.disposeAsync(),
  };
}

describeWithKeyring('keys and models on the command line', () => {
  it('are added from standard input, listed without the keys, renamed, used and removed', async () => {
    await using at = await world();
    const added = await at.soundpost(['keys', 'add'], `${STUDIO}\n`);
    expect(added).toMatchObject({ status: 0, stdout: '' });
    expect(added.stderr).toContain('The key “Studio” is in the system');
    const { management, inference } = at.lab.installation;
    const address = ['--management', management, '--inference', inference];
    expect((await at.soundpost(['keys', 'add', 'Rack', ...address], LAB)).status).toBe(0);

    expect((await at.soundpost(['keys', 'rename', 'rack', 'At the lab'])).status).toBe(0);
    const { stdout } = await at.soundpost(['keys']);
    expect(stdout).toMatch(/^\* {2}Studio +…5678 +Studio/m);
    expect(stdout).toMatch(/^ {3}At the lab +…4321 +Lab/m);
    const file = await readFile(join(at.home, '.config/soundpost/keys.json'), 'utf8');
    expect(`${file}${stdout}`).not.toMatch(/abcd1234|wxyz9876/);

    const wrong = await at.soundpost(['keys', 'use', 'studoi']);
    expect(wrong).toMatchObject({ status: 2 });
    expect(wrong.stderr).toContain('Did you mean “Studio”?');
    await at.soundpost(['keys', 'use', 'At the lab']);
    await at.soundpost(['keys', 'remove', 'Studio']);
    const { stdout: left } = await at.soundpost(['keys', '--json']);
    const list: unknown = JSON.parse(left);
    expect(list).toMatchObject({ keys: [{ name: 'At the lab', last4: '4321' }] });
  }, 60_000);

  it('a run goes to the installation of the key it names, and a name that is not kept sends nothing', async () => {
    await using at = await world();
    await at.soundpost(['keys', 'add', 'Studio'], STUDIO);
    const { management, inference } = at.lab.installation;
    await at.soundpost(
      ['keys', 'add', 'Lab', '--management', management, '--inference', inference],
      LAB,
    );
    const run = ['run', '--model', 'm1', 'text=hello', '--body', 'json'];

    expect((await at.soundpost([...run, '--key', 'Lab'])).status).toBe(0);
    expect((await at.soundpost(run)).status).toBe(0);
    const predicted = (server: typeof at.lab) =>
      server.requests
        .filter(({ path }) => path.endsWith('/predict'))
        .map(({ headers }) => headers.authorization);
    expect(predicted(at.lab)).toEqual([`Api-Key ${LAB}`]);
    expect(predicted(at.studio)).toEqual([`Api-Key ${STUDIO}`]);

    const gone = await at.soundpost([...run, '--key', 'Gone']);
    expect(gone.stderr).toContain('“Gone”');
    expect(gone.status).toBe(2);
    expect([...predicted(at.lab), ...predicted(at.studio)]).toHaveLength(2);
  }, 60_000);

  it('models are listed as --model and --deployment take them', async () => {
    await using at = await world();
    const key = { BASETEN_API_KEY: STUDIO };
    const { stdout, status } = await at.soundpost(['models'], '', key);
    expect(status).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['ID', 'NAME', 'DEPLOYMENT', 'STATE'],
      ['m1', 'Model m1', 'production', 'scaled to zero'],
      ['', 'env:staging', 'inactive'],
      [''],
    ]);
    const json: unknown = JSON.parse(
      (await at.soundpost(['models', 'none', '--json'], '', key)).stdout,
    );
    expect(json).toMatchObject({ access: 'listed', models: [] });
  }, 60_000);
});

it.each<[string[], RegExp]>([
  [['keys', 'add', 'a', 'b'], /Write “keys”/],
  [['keys', 'add', '--management', 'https://a.example'], /two addresses/],
  [['keys', 'use', 'a', '--inference', 'https://a.example'], /keys add alone/],
  [['keys', 'forget', 'a'], /Write “keys”/],
  [['models', '--key', 'a\nb'], /one line/],
])('%j is a usage error', (args, words) => {
  expect(() => parseArguments(args)).toThrow(words);
});
