import { EventEmitter } from 'node:events';
import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import { dirname } from 'node:path';
import { hasDesktop, openOnDesktop } from './opener.ts';
import { Host, windowClass } from './host.ts';
import { chooseFromMenu, Menu as menu } from './menu.ts';
import { notificationClass } from './notification.ts';
import { only } from './only.ts';
import { record } from './record.ts';
import { fork } from './utility-process.ts';

// What main imports as `electron`. Importing a name that is not here fails by that name; so does using a property that a
// stand-in lacks. `satisfies` holds each to Electron's own types.

// This checkout's app, or another built one: a package that was taken apart, to see that it works.
const host = new Host(process.env['SOUNDPOST_WEB_HOST_APP'] ?? dirname(import.meta.dirname));
const nothing = (): undefined => undefined;

/** Not Electron's: how `start.ts` starts what stands in for it. */
export const webHost = host;

export const app = only('app', host.app);
export const BrowserWindow = only('BrowserWindow', windowClass(host));
export const ipcMain = only('ipcMain', host.ipc);
export const dialog = only('dialog', host.dialogs);

export const protocol = only('protocol', {
  registerSchemesAsPrivileged: (schemes) => {
    host.asked.order.push('schemes');
    host.asked.schemes.push(...schemes);
  },
  handle: (scheme, handler) => {
    host.handlers.set(scheme, handler);
  },
  isProtocolHandled: (scheme) => host.handlers.has(scheme),
} satisfies Pick<
  Electron.Protocol,
  'registerSchemesAsPrivileged' | 'handle' | 'isProtocolHandled'
>);

export const session = only('session', {
  defaultSession: only('session.defaultSession', {
    protocol,
    // A browser asks its user for permissions itself, and has no devices to hand out unasked.
    setPermissionRequestHandler: (handler) => {
      host.asked.permissionRequest = handler;
    },
    setPermissionCheckHandler: (handler) => {
      host.asked.permissionCheck = handler;
    },
    setDevicePermissionHandler: (handler) => {
      host.asked.devicePermission = handler;
    },
    webRequest: only('webRequest', {
      onBeforeRequest: (...asked: Parameters<Electron.WebRequest['onBeforeRequest']>) => {
        host.asked.beforeRequest = asked;
      },
    }),
    setProxy: (config) => {
      host.asked.order.push('proxy');
      host.asked.proxies.push(config);
      return Promise.resolve();
    },
  } satisfies Partial<Record<keyof Electron.Session, unknown>> &
    Pick<
      Electron.Session,
      | 'setPermissionRequestHandler'
      | 'setPermissionCheckHandler'
      | 'setDevicePermissionHandler'
      | 'setProxy'
    >),
  // On plain Node there are no sessions for requests: the environment names the proxy, and the transport reads that itself.
  fromPartition: () =>
    only('Session', {
      resolveProxy: () => Promise.resolve('DIRECT'),
      setProxy: () => Promise.resolve(),
    } satisfies Pick<Electron.Session, 'resolveProxy' | 'setProxy'>),
});
host.session = session.defaultSession;

export const utilityProcess = only('utilityProcess', { fork });

export const Menu = only('Menu', menu);

/** Not Electron's: see `chooseFromMenu`. */
process.on('message', (name) => {
  // Another start of the app is told by the same way, as an object.
  if (typeof name !== 'string') return;
  chooseFromMenu(name, {
    quit: () => {
      host.app.quit();
    },
    close: () => {
      host.windows[0]?.close();
    },
  });
});

const display = {
  id: 1,
  // Where a browser's window may be is the browser's affair.
  workArea: { x: 0, y: 0, width: 1920, height: 1040 },
} satisfies Pick<Electron.Display, 'id' | 'workArea'>;

export const screen = only('screen', {
  getPrimaryDisplay: () => only('Display', display),
  getAllDisplays: () => [only('Display', display)],
} satisfies Partial<Record<keyof Electron.Screen, unknown>>);

export const shell = only('shell', {
  openExternal: (url: string) => host.visit(url),
  openPath: (path: string) => {
    if (!hasDesktop()) return Promise.resolve('There is no desktop here to open it on.');
    openOnDesktop(path);
    return Promise.resolve('');
  },
  showItemInFolder: (path: string) => {
    if (hasDesktop()) openOnDesktop(dirname(path));
  },
} satisfies Pick<Electron.Shell, 'openExternal' | 'openPath' | 'showItemInFolder'>);

export const clipboard = only('clipboard', {
  writeText: async (text: string) => {
    if ((await host.link.ask({ kind: 'copy', text })) !== true) {
      throw new Error('The browser did not let the page write to the clipboard.');
    }
  },
} satisfies Pick<Electron.Clipboard, 'writeText'>);

export const nativeTheme = only(
  'nativeTheme',
  Object.assign(new EventEmitter(), {
    // The browser tells the page itself.
    shouldUseDarkColors: false,
    themeSource: 'system',
  } satisfies Pick<Electron.NativeTheme, 'shouldUseDarkColors' | 'themeSource'>),
);

const blockers = new Set<number>();
let lastBlocker = 0;
export const powerSaveBlocker = only('powerSaveBlocker', {
  // A page can't keep its computer awake, which may not even be this one.
  start: () => {
    lastBlocker += 1;
    blockers.add(lastBlocker);
    record({ what: 'stays-awake', on: true });
    return lastBlocker;
  },
  stop: (id) => {
    const was = blockers.delete(id);
    if (was) record({ what: 'stays-awake', on: false });
    return was;
  },
  isStarted: (id) => blockers.has(id),
} satisfies Pick<Electron.PowerSaveBlocker, 'start' | 'stop' | 'isStarted'>);

/** The end of a session reaches a Node process as a signal. */
export const powerMonitor = only('powerMonitor', new EventEmitter());

export const Notification = only('Notification', notificationClass(host.link));

// A browser has crash reports of its own.
export const crashReporter = only('crashReporter', {
  start: nothing,
} satisfies Pick<Electron.CrashReporter, 'start'>);

export const net = only('net', {
  // The redirects are in the answer, as Node follows none.
  request: (options: RequestOptions) =>
    (options.protocol === 'http:' ? http : https).request(options),
} satisfies Partial<Record<keyof Electron.Net, unknown>>);
