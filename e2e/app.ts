import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron, type BrowserContextOptions, type Page } from 'playwright-core';
import { electronBinary, whyNoWindow } from '../scripts/electron-binary.ts';
import { launchBrowser } from './browser.ts';
import { dropFiles, type DroppedFile } from './drop.ts';
import { watchForProblems } from './problems.ts';
import { agreeToSave, savedIn, type SavedFile } from './saved-files.ts';

const root = join(import.meta.dirname, '..');
const STARTED_WITHIN_MS = 20_000;
const ENDED_WITHIN_MS = 8000;

export type LaunchOptions = {
  /** On top of a clean environment; `undefined` takes a variable out. */
  env?: Record<string, string | undefined>;
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
  /** A home to start from, for a second start; else a new empty one, gone afterwards. */
  home?: string;
  /** Further flags of the browser. */
  flags?: string[];
  /** The folder of the built app; else this checkout. */
  folder?: string;
  /** What the user writes behind the program, and the folder where they do. */
  args?: string[];
  cwd?: string;
  /** A packaged program, to be run instead of Electron with a folder. */
  program?: string;
};

/** The built app with its page open, as a user has it. */
export type App = {
  page: Page;
  /** Where the page is; `app://soundpost/` on Electron. */
  url: string;
  /** The home folder it was given: data, settings and cache are all below. */
  home: string;
  on: 'web-host' | 'electron';
  /** Console errors, uncaught errors and breaches of the content policy, in order. A spec expects none. */
  problems: string[];
  /** What main has written to stdout and stderr so far. */
  log(): string;
  /** Drags these files over the window and drops them at its middle. */
  drop(files: DroppedFile[]): Promise<void>;
  /** Chooses from the application menu, by an item's id or its role. */
  menu(name: string): Promise<void>;
  /** Waits for the next saved file to come out of the browser. On Electron nothing does: use `save`. */
  nextDownload(): Promise<SavedFile>;
  /** Does `press`, which asks where to save, agrees to the name offered, and waits for the file. */
  save(press: () => Promise<void>): Promise<SavedFile>;
  /** Starts the program once more, with these words behind it. */
  startAgain(args: string[], cwd: string): Promise<void>;
  stop(): Promise<void>;
} & AsyncDisposable;

/** The program that the specs run on; null when it is not here, or could open no window as this user. */
export function electronForSpecs(): string | null {
  return whyNoWindow() === null ? electronBinary() : null;
}

let saidSo = false;

/** Starts the app: on real Electron whenever its program is there, else in a browser over the web host. */
export async function launchApp(options: LaunchOptions = {}): Promise<App> {
  await using cleanup = new AsyncDisposableStack();
  const scratch = await mkdtemp(join(tmpdir(), 'soundpost-e2e-'));
  cleanup.defer(() => rm(scratch, { recursive: true, force: true, maxRetries: 5 }));
  const home = options.home ?? join(scratch, 'home');
  await mkdir(home, { recursive: true });
  const env = environment(home, options.env);
  const program = options.program ?? electronForSpecs();
  const started = program
    ? await startElectron(program, { env, options, scratch, cleanup })
    : await startWebHost({ env, options, scratch, cleanup });

  const finish = cleanup.move();
  const stop = (): Promise<void> => finish.disposeAsync();
  return { ...started, home, stop, [Symbol.asyncDispose]: stop };
}

type Start = {
  env: Record<string, string>;
  options: LaunchOptions;
  scratch: string;
  cleanup: AsyncDisposableStack;
};
type Started = Omit<App, 'home' | 'stop' | typeof Symbol.asyncDispose>;

async function startWebHost({ env, options, scratch, cleanup }: Start): Promise<Started> {
  if (!saidSo) {
    saidSo = true;
    const why = whyNoWindow() ?? 'its program was not fetched';
    process.stderr.write(`\n*** NOT on Electron (${why}): the specs run on the web host ***\n\n`);
  }
  const { folder } = options;
  const hostEnv = folder ? { ...env, SOUNDPOST_WEB_HOST_APP: folder } : env;
  const { entry, log, process: host } = await startHost(hostEnv, cleanup, options);
  const { browser } = cleanup.use(await launchBrowser(options.flags));
  const context = await browser.newContext(looks(options));
  const page = await context.newPage();
  const problems = await watchForProblems(page);
  await page.goto(entry);
  await page.waitForURL(new URL('/', entry).href);
  await page.waitForFunction(() => 'soundpost' in window);
  const nextDownload = async (): Promise<SavedFile> => {
    const download = await page.waitForEvent('download');
    return { name: download.suggestedFilename(), path: await download.path() };
  };
  return {
    ...{ page, problems, log, nextDownload },
    url: page.url(),
    on: 'web-host',
    drop: (files) => dropFiles(page, files, scratch),
    startAgain: (again, workingDirectory) => {
      host.send({ again, workingDirectory });
      return Promise.resolve();
    },
    menu: (name) =>
      new Promise((resolve, reject) => {
        host.send(name, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    save: async (press) => {
      const [saved] = await Promise.all([
        nextDownload(),
        press().then(() => page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()),
      ]);
      return saved;
    },
  };
}

/** Starts the web host alone, for what needs no page. `entry` is its one-time address. */
export async function startHost(
  env: Record<string, string>,
  cleanup: AsyncDisposableStack,
  { args = [], cwd = process.cwd() }: Pick<LaunchOptions, 'args' | 'cwd'> = {},
): Promise<{ entry: string; log: () => string; process: ChildProcess }> {
  const host = join(root, 'web-host', 'start.ts');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', host, '--no-open', '--keep', ...args],
    { env, cwd, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  cleanup.defer(() => end(child));
  let said = '';
  const entry = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const url = /http:\/\/\S+token=\S+/.exec(said)?.[0];
      if (url) resolve(url);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => {
      reject(new Error(`The web host ended with ${code ?? 'a signal'}:\n${said}`));
    });
    AbortSignal.timeout(STARTED_WITHIN_MS).addEventListener('abort', () => {
      reject(new Error(`The web host printed no address:\n${said}`));
    });
  });
  return { entry, log: () => said, process: child };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = AbortSignal.timeout(ENDED_WITHIN_MS);
  late.addEventListener('abort', () => child.kill('SIGKILL'));
  await ended;
}

async function startElectron(
  executablePath: string,
  { env, options, scratch, cleanup }: Start,
): Promise<Started> {
  const { colorScheme } = looks(options);
  const folder = options.folder ?? root;
  const app = await electron.launch({
    ...{ executablePath, env, colorScheme },
    args: [...(options.program ? [] : [folder]), ...(options.args ?? [])],
    ...(options.cwd ? { cwd: options.cwd } : {}),
    chromiumSandbox: true,
  });
  cleanup.defer(async () => {
    // Whether runs in flight are to be cancelled is asked by a dialog of the system's, which no driver reaches.
    await app.evaluate(({ dialog }) => {
      Object.assign(dialog, { showMessageBox: () => Promise.resolve({ response: 1 }) });
    });
    await app.close();
  });
  let said = '';
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
  };
  app.process().stdout?.on('data', hear);
  app.process().stderr?.on('data', hear);
  const page = await app.firstWindow();
  if (options.viewport) await page.setViewportSize(options.viewport);
  const problems = await watchForProblems(page);
  await page.waitForFunction(() => 'soundpost' in window);
  return {
    ...{ page, problems, log: () => said },
    url: page.url(),
    on: 'electron',
    drop: (files) => dropFiles(page, files, scratch),
    startAgain: async (args, cwd) => {
      const again = spawn(executablePath, [folder, ...args], { env, cwd, stdio: 'ignore' });
      await once(again, 'exit');
    },
    menu: (name) =>
      app.evaluate(({ Menu }, wanted) => {
        const all = (items: Electron.MenuItem[]): Electron.MenuItem[] =>
          items.flatMap((item) => [item, ...all(item.submenu?.items ?? [])]);
        const items = all(Menu.getApplicationMenu()?.items ?? []);
        items.find(({ id, role }) => id === wanted || role === wanted)?.click();
      }, name),
    nextDownload: () => Promise.reject(new Error('Electron saves by its dialog, not a download.')),
    save: async (press) => {
      const folder = await mkdtemp(join(scratch, 'save-'));
      await agreeToSave(app, folder);
      await press();
      return savedIn(folder);
    },
  };
}

function looks({ viewport, colorScheme }: LaunchOptions) {
  return {
    viewport: viewport ?? { width: 1320, height: 840 },
    colorScheme: colorScheme ?? 'light',
    permissions: ['clipboard-read', 'clipboard-write'],
  } satisfies BrowserContextOptions;
}

/** The environment the app gets: nothing of the developer's own settings, key or proxies; a bus that is not there keeps their keyring out of it. */
export function environment(
  home: string,
  extra: LaunchOptions['env'] = {},
): Record<string, string> {
  const own = ['PATH', 'LANG', 'SystemRoot', 'DISPLAY', 'XAUTHORITY'];
  const all: Record<string, string | undefined> = {
    ...Object.fromEntries(own.map((name) => [name, process.env[name]])),
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_STATE_HOME: join(home, '.local', 'state'),
    XDG_RUNTIME_DIR: home,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(home, 'no-bus')}`,
    TMPDIR: tmpdir(),
    ...extra,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
