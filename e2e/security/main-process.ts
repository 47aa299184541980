import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import '../../web-host/hook.ts';
import { preventable } from '../../web-host/app.ts';
import { webHost } from '../../web-host/electron.ts';
import { channels } from '../../electron/contract/bridge.ts';

// Runs in a process of its own: the built main process on the web host, with no page, asked what Electron would ask it. What it
// answered goes to the spec as one message.

const root = join(import.meta.dirname, '..', '..');

const permissions = [
  ...['ar', 'automatic-fullscreen', 'background-fetch', 'background-sync', 'clipboard-read'],
  ...[
    'clipboard-sanitized-write',
    'deprecated-sync-clipboard-read',
    'display-capture',
    'fileSystem',
  ],
  ...['fullscreen', 'geolocation', 'hid', 'idle-detection', 'keyboardLock', 'local-fonts'],
  ...[
    'local-network',
    'local-network-access',
    'loopback-network',
    'media',
    'mediaKeySystem',
    'midi',
  ],
  ...['midiSysex', 'notifications', 'openExternal', 'persistent-storage', 'pointerLock', 'serial'],
  ...[
    'smart-card',
    'speaker-selection',
    'storage-access',
    'usb',
    'vr',
    'window-management',
    'unknown',
  ],
  'a-permission-of-the-next-electron',
];

const appAddresses = [
  ...['/', '/../../../package.json', '/..%2f..%2f..%2fpackage.json', '/%2e%2e/main/main.js'],
  ...[
    '/..%5c..%5cmain%5cmain.js',
    '/%252e%252e/main/main.js',
    '/..%00/main.js',
    '/index.html%00.js',
  ],
  ...[
    '/main/main.js',
    '//evil.example/',
    '/inputs/..%2f..%2fetc%2fpasswd',
    '/inputs/%2fetc%2fpasswd',
  ],
  ...['/runs/..%2f..%2fx/0', '/runs/__proto__/0', '/runs/constructor/live', '/runs/x/__proto__'],
  '/%E0%A4%A',
];

const senders = {
  'our page': { url: 'app://soundpost/', parent: null },
  'a frame in our page': { url: 'app://soundpost/', parent: {} },
  'another page': { url: 'https://evil.example/', parent: null },
  'an empty page': { url: 'about:blank', parent: null },
  'a page on a host that looks like ours': { url: 'app://soundpost.evil.example/', parent: null },
  'a file': { url: 'file:///soundpost/index.html', parent: null },
  'a frame that is gone': null,
};

await import(join(root, 'out', 'main', 'main.js'));
await new Promise<void>((resolve, reject) => {
  webHost
    .start({
      port: 0,
      keep: true,
      open: false,
      onUrl: () => {
        resolve();
      },
      log: (error) => process.stderr.write(String(error)),
    })
    .catch(reject);
});

const { asked } = webHost;
const [window] = webHost.windows;
if (!window) throw new Error('Main opened no window.');

function isPrevented(contents: EventEmitter, name: string): boolean {
  const event = preventable();
  contents.emit(name, event, 'app://soundpost/other');
  return event.defaultPrevented;
}

const mayRequest = (name: string): boolean => {
  let granted = true;
  const ask = asked.permissionRequest as ((...all: unknown[]) => void) | null;
  ask?.(null, name, (answer: boolean) => (granted = answer), {});
  return granted;
};
const mayCheck = (name: string): boolean =>
  (asked.permissionCheck as ((...all: unknown[]) => boolean) | null)?.(null, name, '', {}) ?? true;

function fromSender(senderFrame: unknown): unknown {
  const listen = webHost.ipc.listeners().get(channels.request) as (...all: unknown[]) => unknown;
  return listen({ senderFrame }, 'settings.get', {});
}

async function appAnswer(path: string) {
  const handler = webHost.handlers.get('app');
  const answer = await handler?.(new Request(`app://soundpost${path}`));
  const text = (await answer?.text()) ?? '';
  return {
    path,
    status: answer?.status,
    csp: answer?.headers.get('content-security-policy'),
    text,
  };
}

// Another page than ours, as a webview or a child window would be: `confine` is for each that comes to be.
const other = Object.assign(new EventEmitter(), {
  setWindowOpenHandler: () => undefined,
  setWebRTCIPHandlingPolicy: () => undefined,
});
webHost.app.emit('web-contents-created', {}, other);

const navigations = [
  ...['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'],
];
let cancelled = false;
const [filter, listener] = (asked.beforeRequest ?? []) as unknown[];
(listener as ((...all: unknown[]) => void) | undefined)?.({}, (answer: { cancel?: boolean }) => {
  cancelled = answer.cancel === true;
});
const open = asked.opensWindow[0] as ((details: unknown) => { action: string }) | undefined;
const urls = [
  'https://evil.example/',
  'file:///etc/passwd',
  'app://soundpost/',
  'x-apple.systempreferences:',
  'about:blank',
  '',
];

const report = {
  order: asked.order,
  schemes: asked.schemes,
  windows: asked.windows,
  url: window.url,
  proxies: asked.proxies,
  webRTC: asked.webRTC,
  outside: { filter, cancelled },
  granted: permissions.filter((name) => mayRequest(name) || mayCheck(name)),
  device: (asked.devicePermission as ((details: unknown) => boolean) | null)?.({}) ?? true,
  leaves: navigations.filter(
    (name) => !isPrevented(window.webContents, name) || !isPrevented(other, name),
  ),
  opened: urls.filter((url) => open?.({ url }).action !== 'deny'),
  channels: [...webHost.ipc.listeners().keys()],
  senders: Object.fromEntries(
    await Promise.all(
      Object.entries(senders).map(async ([who, frame]) => [who, await fromSender(frame)] as const),
    ),
  ) as Record<string, unknown>,
  answers: await Promise.all(appAddresses.map(appAnswer)),
};
/** What the built main process did and answered. */
export type MainReport = typeof report;

process.send?.(report, () => {
  webHost.app.exit(0);
});
