import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Scratch } from './scratch.ts';

/** True when this session has a desktop that can open a browser or a folder. */
export function hasDesktop(environment: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform !== 'linux') return !environment['SSH_CONNECTION'];
  return Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY']);
}

/** Opens a file, folder or address with the desktop's own program; does nothing where there is none. */
export function openOnDesktop(target: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', target]
      : process.platform === 'win32'
        ? ['explorer.exe', target]
        : ['xdg-open', target];
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  // Without the program, the address on the terminal is what there is.
  child.on('error', () => undefined);
  child.unref();
}

/** Opens the entry address through a file only this user can read: argv would show its token to every user. */
export function openEntry(url: string, scratch: Scratch): void {
  const file = scratch.place('Soundpost.html');
  const page = `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${url}"><title>Soundpost</title>`;
  writeFileSync(file, page, { mode: 0o600, flag: 'wx' });
  openOnDesktop(pathToFileURL(file).href);
}
