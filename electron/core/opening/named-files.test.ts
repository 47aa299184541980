import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, posix, win32 } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scratchDirectory } from '../testing/scratch-directory.ts';
import { namedFiles } from './named-files.ts';

/** A computer on which there are these files and no others. */
const on = (platform: NodeJS.Platform, workingDirectory: string, there: string[] = []) => {
  const options = {
    ...{ platform, workingDirectory, namesApp: false },
    exists: (path: string) => there.includes(path),
  };
  return (...words: string[]) => namedFiles(['soundpost', ...words], options);
};
const paths = (files: { path: string }[]): string[] => files.map(({ path }) => path);

describe('a start on Linux', () => {
  const opened = on('linux', '/home/ada', ['/home/ada/de', '/home/ada/take.wav']);

  test('with nothing but the program opens nothing', () => {
    expect(opened()).toEqual([]);
    expect(opened('')).toEqual([]);
  });

  test('opens what is named, from the folder it was made in', () => {
    expect(opened('take.wav', '../bob/b.mp3', '/tmp/c d.flac')).toEqual([
      { name: 'take.wav', path: '/home/ada/take.wav' },
      { name: 'b.mp3', path: '/home/bob/b.mp3' },
      { name: 'c d.flac', path: '/tmp/c d.flac' },
    ]);
  });

  test('opens a file once, however often and however it is named', () => {
    expect(
      paths(opened('take.wav', './take.wav', '/home/ada/take.wav', 'file:///home/ada/take.wav')),
    ).toEqual(['/home/ada/take.wav']);
  });

  test('takes the URLs that file managers give', () => {
    expect(opened('file:///home/ada/caf%C3%A9%20%231%3F.wav', 'FILE:///x/y.mp3')).toEqual([
      { name: 'café #1?.wav', path: '/home/ada/café #1?.wav' },
      { name: 'y.mp3', path: '/x/y.mp3' },
    ]);
    expect(paths(opened('file://localhost/home/ada/a.wav'))).toEqual(['/home/ada/a.wav']);
  });

  test('names what is on no disk of this computer, without a path', () => {
    for (const url of [
      'sftp://host/music/a%20b.wav',
      'https://example.com/x/a%20b.wav?download=1#t',
      'file://other-host/music/a%20b.wav',
      'mtp://phone/a%20b.wav/',
    ]) {
      expect(opened(url)).toEqual([{ name: 'a b.wav', path: '' }]);
    }
    expect(opened('file:///a%2Fb.wav')).toEqual([{ name: 'a/b.wav', path: '' }]);
    expect(opened('smb://host/100%.wav')).toEqual([{ name: '100%.wav', path: '' }]);
  });

  test('passes over the flags of Chromium and Electron', () => {
    const flags = [
      '--no-sandbox',
      '--ozone-platform=wayland',
      '-v',
      '--inspect=0',
      '--disable-gpu',
    ];
    expect(paths(opened(...flags, 'take.wav', '--enable-logging'))).toEqual(['/home/ada/take.wav']);
  });

  test('takes the word behind a flag for its value unless there is such a file', () => {
    expect(opened('--lang', 'fr')).toEqual([]);
    expect(opened('--lang', 'fr', 'fr')).toHaveLength(1);
    expect(paths(opened('--lang', 'de'))).toEqual(['/home/ada/de']);
    expect(paths(opened('--enable-logging', 'take.wav'))).toEqual(['/home/ada/take.wav']);
    expect(opened('--lang=fr', 'gone.wav')).toHaveLength(1);
  });

  test('names what is gone, so that it can be said', () => {
    expect(paths(opened('gone.wav'))).toEqual(['/home/ada/gone.wav']);
    expect(paths(opened('--no-sandbox', '/mnt/gone.wav'))).toEqual(['/mnt/gone.wav']);
    expect(opened('--no-sandbox', 'file:///mnt/gone.wav')).toHaveLength(1);
    // As the words of a second start come.
    expect(paths(opened('--allow-file-access-from-files', 'gone.wav'))).toEqual([
      '/home/ada/gone.wav',
    ]);
  });

  test('takes all behind two dashes for files', () => {
    expect(paths(opened('--flag', '--', '-take.wav', '--take.wav', '--'))).toEqual([
      '/home/ada/-take.wav',
      '/home/ada/--take.wav',
      '/home/ada/--',
    ]);
  });

  test('of Electron itself has a word for the app, wherever the flags are', () => {
    const options = { platform: 'linux', workingDirectory: '/w', namesApp: true } as const;
    const started = (...words: string[]) =>
      paths(namedFiles(['electron', ...words], { ...options, exists: () => false }));
    expect(started('.')).toEqual([]);
    expect(started('.', 'a.wav')).toEqual(['/w/a.wav']);
    expect(started('--inspect', '/app', 'a.wav')).toEqual(['/w/a.wav']);
    expect(started('--allow-file-access-from-files', '/app', 'a.wav')).toEqual(['/w/a.wav']);
  });

  test('with a whole disk of files opens a thousand', () => {
    const many = Array.from({ length: 5000 }, (_, number) => `${number}.wav`);
    expect(opened(...many)).toHaveLength(1000);
  });
});

describe('a start on Windows', () => {
  const opened = on('win32', 'C:\\Users\\Ada', ['C:\\Users\\Ada\\take.wav']);

  test('opens paths of drives, shares and this folder', () => {
    expect(
      opened('C:\\Music\\a b.wav', '\\\\nas\\takes\\b.mp3', 'take.wav', 'D:/x/c.flac'),
    ).toEqual([
      { name: 'a b.wav', path: 'C:\\Music\\a b.wav' },
      { name: 'b.mp3', path: '\\\\nas\\takes\\b.mp3' },
      { name: 'take.wav', path: 'C:\\Users\\Ada\\take.wav' },
      { name: 'c.flac', path: 'D:\\x\\c.flac' },
    ]);
  });

  test('passes over flags, also those that begin with a slash', () => {
    expect(
      paths(
        opened(
          ...['--allow-file-access-from-files', '--original-process-start-time=13213718723637733'],
          ...['/prefetch:1', '/q', '--squirrel-firstrun', 'C:\\Music\\a.wav'],
        ),
      ),
    ).toEqual(['C:\\Music\\a.wav']);
  });

  test('takes file URLs with a drive or a share', () => {
    expect(paths(opened('file:///C:/Music/a%20b.wav', 'file://nas/takes/b.mp3'))).toEqual([
      'C:\\Music\\a b.wav',
      '\\\\nas\\takes\\b.mp3',
    ]);
  });
});

test('whatever the words are, each file has a whole path or none, and no name is empty', () => {
  const word = fc.oneof(
    fc.string(),
    fc.webUrl(),
    fc.string().map((text) => `file://${text}`),
    fc.constantFrom('--', '-', '/', '\\\\', 'C:', 'file:', 'file:///', 'a://', '%', 'http:///'),
  );
  fc.assert(
    fc.property(fc.array(word), fc.boolean(), fc.boolean(), (words, namesApp, isWindows) => {
      const files = namedFiles(['soundpost', ...words], {
        ...{ platform: isWindows ? 'win32' : 'linux', namesApp, exists: () => false },
        workingDirectory: isWindows ? 'C:\\Users' : '/home',
      });
      const paths = isWindows ? win32 : posix;
      for (const { name, path } of files) {
        expect(path === '' || paths.isAbsolute(path)).toBe(true);
        expect(name).not.toBe('');
      }
    }),
  );
});

test('a real file is found by its URL, with whatever characters are in its name', async () => {
  await using scratch = await scratchDirectory();
  const path = join(scratch.path, 'a %20 #é.wav');
  await writeFile(path, 'x');
  const options = {
    ...{ platform: process.platform, namesApp: false, workingDirectory: scratch.path },
    exists: existsSync,
  };
  expect(namedFiles(['soundpost', pathToFileURL(path).href], options)).toEqual([
    { name: 'a %20 #é.wav', path },
  ]);
  expect(namedFiles(['soundpost', '--x', 'a %20 #é.wav'], options)).toHaveLength(1);
});
