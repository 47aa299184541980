import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startModelServer } from '../../electron/core/testing/model-server.ts';
import { scratchDirectory } from '../../electron/core/testing/scratch-directory.ts';
import { environment } from '../app.ts';
import type { FuzzReport } from './fuzz-main.ts';

/** Most with a key, so that all is reached that needs one; the others ask the keychain's process, which is not there. */
const withKey = { count: 8500, key: 'abcd1234.s3cretS3cret' };
const without = { count: 1500, key: undefined };

test('ten thousand malformed requests get a typed answer each; no file, host or program is touched by them', async () => {
  const seed = Number(process.env['SOUNDPOST_FUZZ_SEED'] ?? Date.now() % 2 ** 31);
  process.stderr.write(`SOUNDPOST_FUZZ_SEED=${seed}\n`);
  await Promise.all([fuzz(seed, withKey), fuzz(seed + 1, without)]);
}, 180_000);

async function fuzz(seed: number, { count, key }: { count: number; key: string | undefined }) {
  await using baseten = await startModelServer();
  await using scratch = await scratchDirectory();
  const home = join(scratch.path, 'home');
  const inside = join(scratch.path, 'tmp');
  await mkdir(home);
  await mkdir(inside);
  await writeFile(join(scratch.path, 'canary'), 'untouched');

  const child = fork(join(import.meta.dirname, 'fuzz-main.ts'), [String(seed), String(count)], {
    cwd: home,
    env: {
      ...environment(home, { DISPLAY: undefined, TMPDIR: inside, BASETEN_API_KEY: key }),
      BASETEN_MANAGEMENT_API_URL_OVERRIDE: baseten.url,
      BASETEN_INFERENCE_BASE_URL_OVERRIDE: `${baseten.url}/model-{id}`,
    },
    // Node itself refuses to write anywhere else, and what it refuses is no failure that Soundpost knows.
    execArgv: [
      ...['--no-warnings', '--permission', '--allow-fs-read=*'],
      ...[`--allow-fs-write=${home}`, `--allow-fs-write=${inside}`],
      ...['--allow-child-process', '--allow-worker', '--allow-addons'],
    ],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const [report] = (await Promise.race([once(child, 'message'), ended])) as [FuzzReport];
  expect(report).toMatchObject({ faults: [], polluted: [] });
  expect(await ended).toEqual([0, null]);

  const refused = Object.values(report.answers).reduce((sum, one) => sum + one, 0);
  expect(refused + report.ok).toBe(count);
  // Neither all of it refused at the door, nor most of it let in.
  expect(report.ok).toBeGreaterThan(count / 100);
  expect(refused).toBeGreaterThan(count / 2);
  for (const host of report.connections) expect(['127.0.0.1', '::1', 'localhost']).toContain(host);
  for (const { path } of baseten.requests) {
    expect(path).toMatch(/^\/(?:v1|model-[\w-]{1,64})\/[\w/.~-]*$/);
  }
  expect((await readdir(scratch.path)).sort()).toEqual(['canary', 'home', 'tmp']);
  expect(await readFile(join(scratch.path, 'canary'), 'utf8')).toBe('untouched');
  const log = await readFile(join(home, '.local/share/soundpost/logs/soundpost.log'), 'utf8').catch(
    () => '',
  );
  expect(log).not.toMatch(/ERR_ACCESS_DENIED|s3cretS3cret/);
}
