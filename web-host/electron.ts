import { EventEmitter } from 'node:events';
import { dirname } from 'node:path';
import { hasDesktop, openOnDesktop } from './opener.ts';
import { Host, windowClass } from './host.ts';
import { only } from './only.ts';
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
  // On plain Node the environment names the proxy, and the transport reads that itself.
  fromPartition: () => only('Session', { resolveProxy: () => Promise.resolve('DIRECT') }),
});
host.session = session.defaultSession;

export const utilityProcess = only('utilityProcess', { fork });

export const Menu = only('Menu', {
  // A browser has no menu for a page; the page hears its own shortcuts.
  buildFromTemplate: (items: Electron.MenuItemConstructorOptions[]) => only('Menu#', { items }),
  setApplicationMenu: nothing,
});

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

export const powerSaveBlocker = only('powerSaveBlocker', {
  start: () => 0,
  stop: () => false,
  isStarted: () => false,
} satisfies Pick<Electron.PowerSaveBlocker, 'start' | 'stop' | 'isStarted'>);

export const Notification = only('Notification', { isSupported: () => false });
