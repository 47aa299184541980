import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { appDirectories, displayPath } from './app-directories.ts';
import { FileSlice, MemoryBytes } from './byte-source.ts';
import { Inputs } from './inputs.ts';
import { copyToFreeName, replaceFile } from './replace-file.ts';
import { parseRange, serveBytes } from './serve-bytes.ts';

const memory = (text: string): MemoryBytes => new MemoryBytes(new TextEncoder().encode(text));

describe('writing a file', () => {
  test('it is there whole, and nothing else is left', async () => {
    await using scratch = await scratchDirectory();
    const path = join(scratch.path, 'out.bin');
    await replaceFile(path, [memory('one '), memory('two')], { existing: 'keep' });
    expect(await readFile(path, 'utf8')).toBe('one two');
    expect(await readdir(scratch.path)).toEqual(['out.bin']);
  });

  test('a file of the same name is kept unless it may be replaced', async () => {
    await using scratch = await scratchDirectory();
    const path = join(scratch.path, 'out.bin');
    await writeFile(path, 'precious');
    await expect(replaceFile(path, [memory('new')], { existing: 'keep' })).rejects.toMatchObject({
      code: 'file_exists',
    });
    expect(await readFile(path, 'utf8')).toBe('precious');
    await replaceFile(path, [memory('new')], { existing: 'replace' });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(scratch.path)).toEqual(['out.bin']);
  });

  test('it is private unless it is said to be the user’s, whose umask then rules', async () => {
    await using scratch = await scratchDirectory();
    const permissions = async (mode?: number): Promise<number> => {
      const path = join(scratch.path, `${mode ?? 'private'}.bin`);
      const options = mode === undefined ? {} : { mode };
      await replaceFile(path, [memory('x')], { existing: 'keep', ...options });
      return (await stat(path)).mode & 0o777;
    };
    expect(await permissions()).toBe(0o600);
    const plain = join(scratch.path, 'plain.bin');
    await writeFile(plain, 'x');
    expect(await permissions(0o666)).toBe((await stat(plain)).mode & 0o777);
  });

  test('where there are no hard links, a copy is made under a free name only', async () => {
    await using scratch = await scratchDirectory();
    const [from, to] = [join(scratch.path, 'from'), join(scratch.path, 'to')];
    await writeFile(from, 'sound');
    await copyToFreeName(from, to);
    expect(await readFile(to, 'utf8')).toBe('sound');
    await writeFile(to, 'precious');
    await expect(copyToFreeName(from, to)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(to, 'utf8')).toBe('precious');
  });

  test('a source that became shorter leaves the old file as it was', async () => {
    await using scratch = await scratchDirectory();
    const source = join(scratch.path, 'source');
    await writeFile(source, 'abcdef');
    const slice = new FileSlice(source, 0, 6);
    await truncate(source, 0);
    const path = join(scratch.path, 'out.bin');
    await writeFile(path, 'precious');
    await expect(replaceFile(path, [slice], { existing: 'replace' })).rejects.toMatchObject({
      code: 'file_changed',
    });
    expect(await readFile(path, 'utf8')).toBe('precious');
  });

  test('a full disk is said in words and destroys nothing', async (context) => {
    await using scratch = await scratchDirectory();
    const mount = join(scratch.path, 'small');
    await mkdir(mount);
    const run = promisify(execFile);
    try {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mount]);
    } catch {
      console.warn('SKIPPED: the full-disk test needs the right to mount a tmpfs.');
      context.skip();
    }
    try {
      const path = join(mount, 'settings.json');
      await writeFile(path, 'precious');
      const large = new MemoryBytes(new Uint8Array(2 * 1024 * 1024));
      await expect(replaceFile(path, [large], { existing: 'replace' })).rejects.toMatchObject({
        code: 'disk_full',
      });
      expect(await readFile(path, 'utf8')).toBe('precious');
      expect(await readdir(mount)).toEqual(['settings.json']);
    } finally {
      await run('umount', [mount]);
    }
  });

  test('a folder that is gone is the user’s own disk, in words', async () => {
    await expect(
      replaceFile('/nowhere/at/all.bin', [memory('x')], { existing: 'keep' }),
    ).rejects.toMatchObject({
      code: 'disk_error',
      message: expect.stringContaining('folder') as string,
    });
  });
});

describe('inputs', () => {
  test('folders, missing and empty files are refused in words without their path', async () => {
    await using scratch = await scratchDirectory();
    const empty = join(scratch.path, 'empty.wav');
    await writeFile(empty, '');
    const inputs = new Inputs();
    for (const path of [scratch.path, join(scratch.path, 'missing.wav'), empty]) {
      const refusal: unknown = await inputs.admit(path).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'file_unreadable' });
      expect(String(refusal)).not.toContain(scratch.path);
    }
  });

  test('a pipe is refused at once, with nobody writing to it', async () => {
    await using scratch = await scratchDirectory();
    const pipe = join(scratch.path, 'pipe.wav');
    await promisify(execFile)('mkfifo', [pipe]);
    await expect(new Inputs().admit(pipe)).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringContaining('not a file') as string,
    });
  });

  test('an admitted file is known by an id that tells no path', async () => {
    await using scratch = await scratchDirectory();
    const path = join(scratch.path, 'take 1.wav');
    await writeFile(path, 'RIFF____WAVE');
    const inputs = new Inputs();
    const input = await inputs.admit(path);
    expect(input).toMatchObject({ name: 'take 1.wav', size: 12, kind: { format: 'wav' } });
    expect(JSON.stringify(input)).not.toContain(scratch.path);
    expect((await inputs.open(input.id)).bytes.size).toBe(12);
    await rm(path);
    await expect(inputs.open(input.id)).rejects.toMatchObject({ code: 'file_unreadable' });
    await expect(inputs.open('guess')).rejects.toMatchObject({ code: 'unknown_input' });
  });
});

describe('serving bytes', () => {
  test.each([
    [null, null],
    ['bytes=0-', { start: 0, end: 10 }],
    ['bytes=2-4', { start: 2, end: 5 }],
    ['bytes=8-99', { start: 8, end: 10 }],
    ['bytes=-3', { start: 7, end: 10 }],
    ['bytes=-99', { start: 0, end: 10 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-2', null],
    ['bytes=-', null],
    ['bytes=0-1,3-4', null],
  ])('the range %s of ten bytes', (header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected);
  });

  test('a range across pieces is served exactly, whatever piece it begins in', async () => {
    const pieces = [memory('0123'), memory('4567'), memory('89')];
    for (let start = 0; start < 10; start += 1) {
      for (let last = start; last < 10; last += 1) {
        const response = serveBytes(
          new Request('http://x/', { headers: { range: `bytes=${start}-${last}` } }),
          pieces,
          'audio/wav',
        );
        expect(response.status).toBe(206);
        expect(response.headers.get('content-range')).toBe(`bytes ${start}-${last}/10`);
        expect(await response.text()).toBe('0123456789'.slice(start, last + 1));
      }
    }
  });

  test('a model’s page is never served as one', () => {
    const response = serveBytes(new Request('http://x/'), [memory('<script>')], 'text/html');
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
  });

  test('a reader that goes away in the middle leaves no file open', async () => {
    await using scratch = await scratchDirectory();
    const path = join(scratch.path, 'long.bin');
    await writeFile(path, Buffer.alloc(2_000_000));
    const before = (await readdir('/proc/self/fd')).length;
    for (let round = 0; round < 50; round += 1) {
      const response = serveBytes(
        new Request('http://x/'),
        [new FileSlice(path, 0, 2_000_000)],
        'audio/wav',
      );
      const reader = response.body?.getReader();
      await reader?.read();
      await reader?.cancel();
    }
    expect((await readdir('/proc/self/fd')).length).toBeLessThanOrEqual(before + 1);
  });
});

test('data and settings lie where each system keeps them', () => {
  expect(appDirectories('linux', '/home/a', {})).toEqual({
    data: '/home/a/.local/share/soundpost',
    config: '/home/a/.config/soundpost',
  });
  expect(
    appDirectories('linux', '/home/a', { XDG_DATA_HOME: '/d', XDG_CONFIG_HOME: '/c' }),
  ).toEqual({
    data: '/d/soundpost',
    config: '/c/soundpost',
  });
  expect(displayPath('/home/a/.local/share', '/home/a')).toBe('~/.local/share');
  expect(displayPath('/home/ab/Music', '/home/a')).toBe('/home/ab/Music');
});
