import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { scratchDirectory } from '../electron/core/testing/scratch-directory.ts';
import { hasDesktop, openEntry } from './opener.ts';
import { Scratch } from './scratch.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test.runIf(process.platform === 'linux')(
  'the browser gets the token through a file only this user can read, not through argv',
  async () => {
    await using folder = await scratchDirectory();
    const opener = join(folder.path, 'xdg-open');
    const heard = join(folder.path, 'heard');
    await writeFile(
      opener,
      `#!/bin/sh\nprintf '%s' "$*" > '${heard}.part' && mv '${heard}.part' '${heard}'\n`,
    );
    await chmod(opener, 0o755);
    vi.stubEnv('PATH', `${folder.path}:${process.env['PATH'] ?? ''}`);

    const scratch = new Scratch();
    const url = 'http://soundpost-1.localhost:1/@web-host/enter?token=secret-word';
    openEntry(url, scratch);
    const argv = await vi.waitUntil(() => readFile(heard, 'utf8').catch(() => ''), 5000);
    expect(argv).not.toContain('secret-word');
    const file = fileURLToPath(argv);
    expect(await readFile(file, 'utf8')).toContain(url);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    scratch.remove();
  },
);

test.runIf(process.platform === 'linux')('without a display there is no browser to open', () => {
  expect(hasDesktop({})).toBe(false);
  expect(hasDesktop({ WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
});
