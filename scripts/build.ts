import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout these scripts are in. */
export const root = join(import.meta.dirname, '..');

const sources = [
  'electron',
  'renderer',
  'electron.vite.config.ts',
  'svelte.config.js',
  'package-lock.json',
];
const outputs = ['out/main/main.js', 'out/main/cli.js', 'out/preload/preload.cjs', 'out/renderer'];

/**
 * Builds when an output is missing or older than a source. Silent, unless it fails: then the builder's words go to stderr.
 *
 * @returns false when the build failed
 */
export function buildIfStale(): boolean {
  const built = Math.min(...outputs.map((path) => newest(join(root, path))));
  if (built >= Math.max(...sources.map((path) => newest(join(root, path))))) return true;
  const builder = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [builder, 'build', '--logLevel', 'warn'],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) process.stderr.write(stdout + stderr);
  return status === 0;
}

/** When a file, or the newest file in a folder, was changed: ms since 1970; 0 when it is not there. */
function newest(path: string): number {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry?.isDirectory()) return entry?.mtimeMs ?? 0;
  const inside = readdirSync(path).map((name) => newest(join(path, name)));
  return Math.max(0, ...inside);
}
