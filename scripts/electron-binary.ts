import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build.ts';

const DOWNLOAD_MS = 60_000;
const folder = join(root, 'node_modules', 'electron');

/** The Electron program of this checkout; null when it was not fetched yet. */
export function electronBinary(): string | null {
  const name = join(folder, 'path.txt');
  if (!existsSync(name)) return null;
  const program = join(folder, 'dist', readFileSync(name, 'utf8').trim());
  return existsSync(program) ? program : null;
}

/** Either the program, or in a few words why there is none. */
export type Fetched = { program: string } | { why: string };

/** Fetches Electron with its own installer, which npm no longer runs. Gives up after a minute. */
export async function fetchElectron(): Promise<Fetched> {
  const here = electronBinary();
  if (here) return { program: here };

  const installer = spawn(process.execPath, [join(folder, 'install.js')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: DOWNLOAD_MS,
  });
  let said = '';
  installer.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
    installer.once('close', (_code, by) => {
      resolve(by);
    });
  });
  const program = electronBinary();
  if (program) return { program };
  if (signal) return { why: `its download was not done within ${DOWNLOAD_MS / 1000} seconds` };
  return { why: `its download failed (${reason(said)})` };
}

/** The one telling part of a Node error's stack. */
function reason(stack: string): string {
  const code = /\b(?:E[A-Z]{4,}|HTTP ?Error[^\n]*|Response code \d+[^\n]*)/.exec(stack)?.[0];
  return code ?? stack.split('\n').find((line) => line.includes('Error')) ?? 'no reason given';
}
