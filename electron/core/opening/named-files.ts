import { posix, win32 } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file that somebody named to us. `path` is empty when it is none on this computer. */
export type NamedFile = { name: string; path: string };

type Options = {
  platform: NodeJS.Platform;
  /** Whether the first word names the app itself, as where Electron is started with a folder. */
  namesApp: boolean;
  workingDirectory: string;
  exists: (path: string) => boolean;
};

/** More are not opened at once. */
const MOST = 1000;

/** What Chromium puts among the words of a second start, before the files; no value follows it. */
const withoutValue = ['--allow-file-access-from-files'];

/**
 * The files that a program was started with, each once. `argv` begins with the program, and the flags in it are not ours:
 * a word that may be the value of the one before it counts only when there is such a file.
 */
export function namedFiles(argv: readonly string[], options: Options): NamedFile[] {
  const files = new Map<string, NamedFile>();
  let { namesApp } = options;
  let areAllFiles = false;
  let mayBeValue = false;
  for (const word of argv.slice(1)) {
    if (!areAllFiles && isFlag(word, options.platform)) {
      areAllFiles = word === '--';
      mayBeValue = !areAllFiles && !word.includes('=') && !withoutValue.includes(word);
    } else if (namesApp) {
      namesApp = false;
      mayBeValue = false;
    } else if (word !== '') {
      const file = fileOf(word, options);
      if (!(mayBeValue && isBareWord(word, options) && !options.exists(file.path))) {
        files.set(file.path || word, file);
      }
      mayBeValue = false;
    }
  }
  return [...files.values()].slice(0, MOST);
}

/** Chromium takes `/prefetch:1` for a flag too on Windows, where no file's path begins so. */
const isFlag = (word: string, platform: NodeJS.Platform): boolean =>
  word.startsWith('-') || (platform === 'win32' && /^\/[a-z][\w-]*(?::|=|$)/i.test(word));

const isBareWord = (word: string, { platform }: Options): boolean =>
  !isUrl(word) && !pathsOf(platform).isAbsolute(word);

/** Two letters at least, so that `C:\` is none. */
const isUrl = (word: string): boolean => /^(?:file:|[a-z][a-z0-9+.-]+:\/\/)/i.test(word);

/** Linux's file managers give URLs, also of places that are on no disk of this computer. */
function fileOf(word: string, { platform, workingDirectory }: Options): NamedFile {
  const paths = pathsOf(platform);
  if (!isUrl(word)) {
    const path = paths.resolve(workingDirectory, word);
    return { name: paths.basename(path) || path, path };
  }
  try {
    const path = fileURLToPath(word, { windows: platform === 'win32' });
    return { name: paths.basename(path) || path, path };
  } catch {
    return { name: lastOf(word), path: '' };
  }
}

const pathsOf = (platform: NodeJS.Platform) => (platform === 'win32' ? win32 : posix);

/** What a person would call it: the last piece of the address. */
function lastOf(url: string): string {
  const last =
    url
      .replace(/[?#].*$/, '')
      .split('/')
      .filter(Boolean)
      .at(-1) ?? url;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
