import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchDirectory } from '../../electron/core/testing/scratch-directory.ts';
import { environment, launchApp } from '../app.ts';
import type { MainReport } from './main-process.ts';

// Electron's own checklist (its documentation, "Security"), item by item, asked of the built main process. docs/security.md says
// where the items are proved that have no test here.

const root = join(import.meta.dirname, '..', '..');

let main: MainReport;

beforeAll(async () => {
  await using scratch = await scratchDirectory();
  const child = fork(join(import.meta.dirname, 'main-process.ts'), {
    env: environment(scratch.path),
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const [message] = (await once(child, 'message')) as [MainReport];
  main = message;
  await once(child, 'exit');
});

const page = () => ({ text: '', csp: '', ...main.answers[0] });
const preferences = (): Electron.WebPreferences => main.windows[0]?.webPreferences ?? {};

describe('Electron’s security checklist', () => {
  test('1. only secure content is loaded: our own scheme, and nothing of any host', () => {
    expect(main.url).toBe('app://soundpost/');
    expect(main.schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
      },
    ]);
    expect(page().text).toContain('<script');
    expect(page().text).not.toMatch(/https?:\/\/|(?:src|href)="\/\//);
  });

  test('2. the page has no Node, nor have its workers and frames', () => {
    expect(preferences()).toMatchObject({ nodeIntegration: false });
    expect(preferences()).not.toHaveProperty('nodeIntegrationInWorker');
    expect(preferences()).not.toHaveProperty('nodeIntegrationInSubFrames');
  });

  test('3. the preload is isolated from the page', () => {
    expect(preferences()).toMatchObject({ contextIsolation: true });
  });

  test('4. every renderer is sandboxed, and is so before the app is ready', () => {
    expect(preferences()).toMatchObject({ sandbox: true });
    expect(main.order.indexOf('sandbox')).toBeGreaterThanOrEqual(0);
    expect(main.order.indexOf('sandbox')).toBeLessThan(main.order.indexOf('ready'));
  });

  test('5. no permission is granted, whatever its name, and no device', () => {
    expect(main.granted).toEqual([]);
    expect(main.device).toBe(false);
  });

  test('6. web security stays on', () => {
    expect(preferences()).not.toHaveProperty('webSecurity');
  });

  test('7. the page comes with a policy that lets it load and run what is ours alone', () => {
    const policy = Object.fromEntries(
      String(page().csp)
        .split('; ')
        .map((directive) => {
          const [name = '', ...sources] = directive.split(' ');
          return [name, sources.join(' ')];
        }),
    );
    expect(policy).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'font-src': "'self'",
      'img-src': "'self' data: blob:",
      'media-src': "'self' blob:",
      'connect-src': "'self'",
      'worker-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': 'svelte-trusted-html soundpost-worker soundpost-live',
    });
  });

  test('8, 9, 10. nothing insecure, experimental or of Blink’s own is switched on', () => {
    for (const name of [
      ...['allowRunningInsecureContent', 'experimentalFeatures', 'enableBlinkFeatures'],
      ...['enableDeprecatedPaste', 'plugins', 'additionalArguments', 'webgl'],
    ]) {
      expect(preferences()).not.toHaveProperty(name);
    }
  });

  test('11, 12. there is no webview, and none can be attached', () => {
    expect(preferences()).toMatchObject({ webviewTag: false });
    expect(main.leaves).not.toContain('will-attach-webview');
  });

  test('13. no page leaves where it is, in no frame, not even to our own address', () => {
    expect(main.leaves).toEqual([]);
  });

  test('14. no window is opened by a page, for no address', () => {
    expect(main.opened).toEqual([]);
    expect(main.windows).toHaveLength(1);
  });

  test('15. no address of the page’s is opened outside: what is, is named in the program', async () => {
    const found = await sources('electron');
    const calls = found.flatMap(({ text }) => [...text.matchAll(/openExternal\(([^)]*)\)/g)]);
    for (const [, argument] of calls) expect(argument).toMatch(/^[a-z]\w*$/i);
    const contract = found.filter(({ path }) => path.includes('contract'));
    for (const { text } of contract) expect(text).not.toMatch(/openExternal|'\w+\.openUrl'/);
  });

  test('17. every channel asks who knocks, and answers nobody but our page’s top frame', () => {
    expect(main.channels.sort()).toEqual(['soundpost:admit', 'soundpost:request']);
    const { 'our page': ours, ...others } = main.senders;
    expect(ours).toMatchObject({ ok: true });
    for (const answer of Object.values(others)) {
      expect(answer).toMatchObject({ ok: false, failure: { code: 'forbidden' } });
    }
  });

  test('18. no file is read by its path: the scheme knows the page’s own files, and ids', () => {
    const [index, ...others] = main.answers;
    expect(index?.status).toBe(200);
    for (const { path, status, text } of others) {
      if (status === 200) expect(text, path).toBe(index?.text);
      else expect([404, 400], path).toContain(status);
      expect(text, path).not.toMatch(/"devDependencies"|registerSchemesAsPrivileged/);
    }
  });

  test('20. the page gets three functions of ours, and nothing of Electron’s, not even by an event', async () => {
    await using app = await launchApp();
    const found = await app.page.evaluate(async () => {
      const bridge = window.soundpost as unknown as Record<string, unknown>;
      const heard = new Promise<unknown[]>((resolve) => {
        window.soundpost.on('settings.changed', (...all: unknown[]) => {
          resolve(all.map((one) => Object.keys(Object(one) as object)));
        });
        window.soundpost.on('run.progress', (...all: unknown[]) => {
          resolve(all.map((one) => Object.keys(Object(one) as object)));
        });
      });
      const target = { kind: 'demo', model: 'echo' } as const;
      void window.soundpost.request('run.start', {
        runId: 'r1',
        intent: { target, auth: 'api-key', body: 'json', answer: 'auto', fields: [] },
      });
      return {
        kinds: Object.entries(bridge).map(([name, value]) => `${name}: ${typeof value}`),
        isFrozen: (() => {
          try {
            bridge['request'] = () => 'mine';
            return (
              typeof bridge['request'] === 'function' && !/mine/.test(String(bridge['request']))
            );
          } catch {
            return true;
          }
        })(),
        heard: await heard,
      };
    });
    expect(found.kinds.sort()).toEqual(['admit: function', 'on: function', 'request: function']);
    expect(found.isFrozen).toBe(true);
    expect(found.heard).toHaveLength(1);
    expect(found.heard[0]).not.toContain('sender');
  });
});

describe('besides the checklist', () => {
  test('the page’s session has no way out, WebRTC’s among them, before any page is opened', () => {
    expect(main.proxies).toEqual([
      {
        mode: 'fixed_servers',
        proxyRules: 'http://127.0.0.1:1',
        proxyBypassRules: '<-loopback>',
      },
    ]);
    expect(main.order.indexOf('proxy')).toBeGreaterThan(main.order.indexOf('ready'));
    expect(main.order.indexOf('proxy')).toBeLessThan(main.order.indexOf('window'));
    expect(main.webRTC).toEqual(['disable_non_proxied_udp']);
    expect(main.outside).toEqual({
      filter: {
        urls: ['http', 'https', 'ws', 'wss', 'ftp', 'file'].map((scheme) => `${scheme}://*/*`),
      },
      cancelled: true,
    });
  });

  test('main evaluates no text, and starts no shell', async () => {
    for (const { path, text } of await sources('electron')) {
      expect(
        /\beval\(|new Function\(|'node:vm'|executeJavaScript|shell: true/.test(text),
        path,
      ).toBe(false);
      for (const [, names] of text.matchAll(/import \{([^}]*)\} from 'node:child_process'/g)) {
        expect(names, path).toMatch(/^ (?:execFile|fork) $/);
      }
    }
  });
});

async function sources(folder: string): Promise<{ path: string; text: string }[]> {
  const entries = await readdir(join(root, folder), { recursive: true });
  const own = entries.filter((path) => path.endsWith('.ts') && !/\.test\.ts$|testing/.test(path));
  return Promise.all(
    own.map(async (path) => ({ path, text: await readFile(join(root, folder, path), 'utf8') })),
  );
}
