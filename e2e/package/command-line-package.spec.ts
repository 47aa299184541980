import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { scratchDirectory } from '../../electron/core/testing/scratch-directory.ts';
import { makeCommandLinePackage } from '../../scripts/command-line-package.ts';
import { environment } from '../app.ts';

const execute = promisify(execFile);
const shell = process.platform === 'win32';
const root = join(import.meta.dirname, '..', '..');
const sample = join(root, 'resources', 'sample', 'Gettysburg.mp3');

test('the command line is installed from its tarball alone, and runs the demo', async () => {
  await using scratch = await scratchDirectory();
  const tarball = await makeCommandLinePackage(scratch.path);
  const place = join(scratch.path, 'installed');
  await mkdir(place);
  // Without scripts: keytar brings its programs. From npm's cache where it can, where `npm ci` has put keytar.
  const how = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await execute('npm', ['install', '--prefix', place, ...how, tarball], { cwd: place, shell });
  const installed = await readdir(join(place, 'node_modules'));
  // The second is what keytar would be compiled with.
  expect(installed.filter((name) => !name.startsWith('.')).toSorted()).toEqual([
    ...['keytar', 'node-addon-api', 'soundpost'],
  ]);

  const env = environment(join(scratch.path, 'home'));
  env['PATH'] = [dirname(process.execPath), env['PATH']].join(delimiter);
  const soundpost = (...args: string[]) =>
    execute(join(place, 'node_modules', '.bin', 'soundpost'), args, { env, shell, cwd: place });
  const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(await soundpost('--version')).toEqual({ stdout: `${own.version}\n`, stderr: '' });

  const { stdout } = await soundpost(
    'run',
    '--demo',
    'echo',
    sample,
    '--out',
    'same.mp3',
    '--json',
  );
  expect(stdout).toContain('"event":"done"');
  expect(await readFile(join(place, 'same.mp3'))).toEqual(await readFile(sample));
  const history = await soundpost('history');
  expect(history.stdout).toContain('Gettysburg.mp3');
  expect(history.stderr).not.toMatch(/warning/i);
});
