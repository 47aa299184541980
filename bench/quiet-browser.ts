import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { browserFlags, systemBrowser } from '../e2e/browser.ts';

/** Opens a page in the system's browser without a driver, until its scope ends. */
export async function quietBrowser(url: string): Promise<AsyncDisposable> {
  const path = systemBrowser();
  if (path === undefined) throw new Error('There is no browser on this system.');
  const scratch = await scratchDirectory();
  const flags = [...browserFlags, '--headless', `--user-data-dir=${scratch.path}`];
  // Chromium has no sandbox for root; anyone else keeps it.
  if (process.getuid?.() === 0) flags.push('--no-sandbox');
  const child = spawn(path, [...flags, url], { stdio: 'ignore' });
  return {
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      await scratch[Symbol.asyncDispose]();
    },
  };
}
