import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WindowStandIn } from './window.ts';

type Methods = Pick<
  Electron.App,
  | 'whenReady'
  | 'isReady'
  | 'quit'
  | 'exit'
  | 'getPath'
  | 'setPath'
  | 'getVersion'
  | 'getName'
  | 'setName'
  | 'getAppPath'
  | 'isPackaged'
  | 'requestSingleInstanceLock'
  | 'enableSandbox'
  | 'setDesktopName'
  | 'addRecentDocument'
  | 'clearRecentDocuments'
  | 'setAppUserModelId'
>;

type Options = {
  root: string;
  windows: () => WindowStandIn[];
  /** Ends this process. */
  end: (code: number) => void;
  sandboxed?: () => void;
};

/** `electron.app`: the life of the app, with Electron's order of events. */
export class AppStandIn extends EventEmitter implements Methods {
  readonly isPackaged = false;
  readonly #options: Options;
  readonly #paths = new Map<string, string>();
  readonly #ready = Promise.withResolvers<undefined>();
  #name: string;
  readonly #version: string;
  #isReady = false;
  #quitting = false;

  constructor(options: Options) {
    super();
    this.#options = options;
    const manifest = JSON.parse(readFileSync(join(options.root, 'package.json'), 'utf8')) as {
      name: string;
      productName?: string;
      version: string;
    };
    this.#name = manifest.productName ?? manifest.name;
    this.#version = manifest.version;
  }

  /** The host's own: the server listens, so windows can be opened. */
  becomeReady(): void {
    this.#isReady = true;
    this.#ready.resolve(undefined);
    this.emit('ready');
  }

  /** The host's own: macOS would tell so of a file, before the app is ready or after. */
  openFile(path: string): void {
    this.emit('open-file', preventable(), path);
  }

  /** The host's own: the app was started once more. As with Chromium, its flags come before all else. */
  startedAgain(words: readonly string[], workingDirectory: string): void {
    const flags = words.filter((word) => word.startsWith('-'));
    const others = words.filter((word) => !word.startsWith('-'));
    const argv = [process.execPath, '--allow-file-access-from-files', ...flags];
    argv.push(this.getAppPath(), ...others);
    this.emit('second-instance', preventable(), argv, workingDirectory, undefined);
  }

  /** The host's own: a window has closed. */
  windowClosed(): void {
    if (this.#options.windows().length > 0) return;
    if (this.#quitting) this.#finish();
    else if (this.listenerCount('window-all-closed') === 0) this.quit();
    else this.emit('window-all-closed');
  }

  whenReady = (): Promise<void> => this.#ready.promise;
  isReady = (): boolean => this.#isReady;

  /** As in Electron, any listener of `before-quit`, and any window by its `close`, can say no. */
  quit(): void {
    if (this.#quitting) return;
    const event = preventable();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    this.#quitting = true;
    const windows = this.#options.windows();
    for (const window of windows) {
      if (!window.tryToClose()) {
        this.#quitting = false;
        return;
      }
    }
    if (windows.length === 0) this.#finish();
  }

  exit(code = 0): void {
    for (const window of this.#options.windows()) window.destroy();
    this.emit('quit', preventable(), code);
    this.#options.end(code);
  }

  getPath(name: Parameters<Electron.App['getPath']>[0]): string {
    const known = this.#paths.get(name) ?? this.#defaultPath(name);
    if (known === null) throw new Error(`The web host has no path of the name ${name}.`);
    return known;
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  getVersion = (): string => this.#version;
  getName = (): string => this.#name;
  setName = (name: string): void => {
    this.#name = name;
  };
  getAppPath = (): string => this.#options.root;
  /** Several web hosts can run side by side: what they share on disk is locked by the core itself. */
  requestSingleInstanceLock = (): boolean => true;
  /** The page is in a browser, which has a sandbox of its own. */
  enableSandbox = (): void => {
    this.#options.sandboxed?.();
  };
  setDesktopName = (): void => undefined;
  // The system lists what its own programs open, and the files are the browser's.
  addRecentDocument = (): void => undefined;
  clearRecentDocuments = (): void => undefined;
  setAppUserModelId = (): void => undefined;

  #finish(): void {
    const event = preventable();
    this.emit('will-quit', event);
    if (event.defaultPrevented) {
      // As in Electron, it can be asked again.
      this.#quitting = false;
      return;
    }
    this.emit('quit', preventable(), 0);
    this.#options.end(0);
  }

  #defaultPath(name: string): string | null {
    const home = homedir();
    switch (name) {
      case 'home':
        return home;
      case 'temp':
        return tmpdir();
      case 'downloads':
        return join(home, 'Downloads');
      case 'music':
        return join(home, 'Music');
      case 'appData':
        return applicationData(home);
      case 'userData':
        return join(applicationData(home), this.#name);
      default:
        return null;
    }
  }
}

/** An event whose `preventDefault` can be seen afterwards. */
export function preventable(): { preventDefault(): void; defaultPrevented: boolean } {
  return {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true;
    },
  };
}

function applicationData(home: string): string {
  if (process.platform === 'win32') {
    return process.env['APPDATA'] ?? join(home, 'AppData', 'Roaming');
  }
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support');
  return process.env['XDG_CONFIG_HOME'] ?? join(home, '.config');
}
