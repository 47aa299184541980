import type { Link } from './link.ts';
import type { Uploader } from './uploader.ts';

type Listener = Parameters<Electron.IpcRenderer['on']>[1];

/** What a sandboxed preload can `require('electron')` for. Anything else throws by name. */
export function createElectron(link: Link, uploader: Uploader) {
  const listeners = new Map<string, Set<Listener>>();
  link.hear = (channel, args) => {
    for (const listener of [...(listeners.get(channel) ?? [])]) {
      Reflect.apply(listener, undefined, [{ ports: [] }, ...args]);
    }
  };
  const remove = (channel: string, listener: Listener): void => {
    listeners.get(channel)?.delete(listener);
  };

  const ipcRenderer = {
    invoke: async (channel: string, ...args: unknown[]): Promise<unknown> => {
      await uploader.settled(args);
      return link.invoke(channel, args);
    },
    on: (channel: string, listener: Listener): void => {
      const known = listeners.get(channel) ?? new Set();
      listeners.set(channel, known.add(listener));
    },
    off: remove,
    removeListener: remove,
  } satisfies Pick<Electron.IpcRenderer, 'invoke'> &
    Partial<Record<keyof Electron.IpcRenderer, unknown>>;

  return byName('electron', {
    ipcRenderer: byName('ipcRenderer', ipcRenderer),
    contextBridge: byName('contextBridge', {
      exposeInMainWorld: (key: string, api: object): void => {
        Object.defineProperty(window, key, { value: Object.freeze(api), enumerable: true });
      },
    } satisfies Pick<Electron.ContextBridge, 'exposeInMainWorld'>),
    webUtils: byName('webUtils', {
      getPathForFile: (file: File): string => uploader.send(file),
    } satisfies Pick<Electron.WebUtils, 'getPathForFile'>),
  });
}

function byName<T extends object>(name: string, standIn: T): T {
  return new Proxy(standIn, {
    get(target, property): unknown {
      if (typeof property === 'string' && !(property in target)) {
        throw new Error(`The web host does not stand in for Electron's ${name}.${property}.`);
      }
      return Reflect.get(target, property);
    },
  });
}
