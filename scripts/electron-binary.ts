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

/** What is known before trying, in a few words; null when nothing stands against a window. */
export function whyNoWindow(): string | null {
  if (process.platform !== 'linux') return null;
  if (process.getuid?.() === 0) return 'it does not run as root, and its sandbox stays on';
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return 'there is no display';
  return null;
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
  return { why: reason(said) };
}

/** The installer prints an error's stack without its cause, so this is as much as can be said. */
function reason(stack: string): string {
  if (/fetch failed/.test(stack)) return 'its download server could not be reached';
  const said = stack.split('\n').find((line) => /Error/.test(line));
  return `its download failed (${said?.trim().slice(0, 120) ?? 'no reason given'})`;
}
