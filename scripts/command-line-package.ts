import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { root } from './build.ts';

type Manifest = {
  version: string;
  description: string;
  license: string;
  author: string;
  dependencies: { keytar: string };
};

/**
 * Makes the npm package of the command line: its own build, since people run it with a Node older than the app's, and the demo's
 * files. keytar is all it asks npm for.
 *
 * @param folder where it is put together, and where the tarball comes to
 * @returns the tarball's path
 */
export async function makeCommandLinePackage(folder: string): Promise<string> {
  const contents = join(folder, 'command-line');
  await rm(contents, { recursive: true, force: true });
  await mkdir(contents, { recursive: true });
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['keytar'] },
    build: {
      outDir: join(contents, 'out', 'main'),
      emptyOutDir: true,
      ssr: true,
      target: 'node22.16',
      rolldownOptions: {
        input: {
          cli: join(root, 'electron', 'cli.ts'),
          'keychain-process': join(root, 'electron', 'core', 'keychain', 'keychain-process.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
      },
    },
  });
  const program = join(contents, 'out', 'main', 'cli.js');
  // Node 22 warns in each run that its SQLite is young, which would only puzzle here.
  const shebang = '#!/usr/bin/env -S node --disable-warning=ExperimentalWarning';
  await writeFile(program, `${shebang}\n${await readFile(program, 'utf8')}`);
  for (const name of ['LICENSE', 'README.md', 'CHANGELOG.md', 'resources/sample']) {
    await cp(join(root, name), join(contents, name), { recursive: true });
  }
  const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  const { version, description, license, author, dependencies } = own;
  const manifest = {
    ...{ name: 'soundpost', version, description, license, author, type: 'module' },
    bin: { soundpost: 'out/main/cli.js' },
    // The first whose SQLite searches texts without a flag.
    engines: { node: '>=22.16' },
    os: ['linux', 'darwin', 'win32'],
    dependencies: { keytar: dependencies.keytar },
  };
  await writeFile(join(contents, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const pack = ['pack', '--pack-destination', folder];
  await promisify(execFile)('npm', pack, { cwd: contents, shell: process.platform === 'win32' });
  return join(folder, `soundpost-${version}.tgz`);
}
