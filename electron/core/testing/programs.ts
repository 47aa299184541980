import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SnippetKind } from '../../contract/snippet.ts';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '../../..');

/** What a program needs to be run here. `key` is what it finds as BASETEN_API_KEY. */
type Place = { directory: string; key: string; python: string };

/** A Python that has the packages of our programs, or null. The system's comes first, where Debian puts them. */
export async function findPython(): Promise<string | null> {
  for (const python of ['/usr/bin/python3', 'python3', 'python']) {
    const hasAll = await run(python, ['-c', 'import requests, msgpack, numpy']).then(
      () => true,
      () => false,
    );
    if (hasAll) return python;
  }
  return null;
}

/** Runs a program as whoever copied it would, and answers what it wrote to standard output. */
export async function runProgram(
  kind: SnippetKind,
  program: string,
  { directory, key, python }: Place,
): Promise<Buffer> {
  await mkdir(join(directory, 'bin'), { recursive: true });
  const soundpost = join(directory, 'bin', 'soundpost');
  const cli = join(repository, 'electron/cli.ts');
  await writeFile(soundpost, `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`, {
    mode: 0o755,
  });
  await symlink(join(repository, 'node_modules'), join(directory, 'node_modules')).catch(
    () => undefined,
  );
  const path = join(directory, kind === 'javascript' ? 'ask.mjs' : 'ask');
  await writeFile(path, program);
  const by = { curl: 'sh', cli: 'sh', python, javascript: process.execPath }[kind];
  const { stdout } = await run(by, [path], {
    cwd: directory,
    env: {
      PATH: `${join(directory, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: directory,
      BASETEN_API_KEY: key,
    },
    encoding: 'buffer',
    timeout: 30_000,
  });
  return stdout;
}

/** The answer that the command line kept of its last run, with `directory` as its home. */
export async function keptByCommandLine(directory: string): Promise<Buffer> {
  const runs = join(directory, '.local/share/soundpost/runs');
  const folders = (await readdir(runs)).map((name) => join(runs, name));
  const times = await Promise.all(folders.map(async (path) => (await stat(path)).mtimeMs));
  const last = folders[times.indexOf(Math.max(...times))] ?? runs;
  const answer = await readFile(join(last, 'response.bin'));
  await rm(runs, { recursive: true });
  return answer;
}
