import { channels } from '../electron/contract/bridge.ts';
import type { HostFrame } from './frames.ts';
import type { PageLink } from './page-link.ts';
import type { SavedFiles } from './saved-files.ts';
import type { Uploads } from './uploads.ts';
import type { ContentsStandIn, WindowStandIn } from './window.ts';

type Listener = Parameters<Electron.IpcMain['handle']>[1];
type Options = {
  link: PageLink;
  uploads: Uploads;
  saved: SavedFiles;
  windows: WindowStandIn[];
};

/** What `ipcMain.handle` listeners get to see of who asks. */
type InvokeEvent = Pick<Electron.IpcMainInvokeEvent, 'frameId' | 'processId'> & {
  sender: ContentsStandIn;
  senderFrame: ContentsStandIn['mainFrame'];
};

/** `electron.ipcMain`: answers the page's invocations, which come over its WebSocket. */
export function createIpc({ link, uploads, saved, windows }: Options) {
  const listeners = new Map<string, Listener>();

  const answer = async (channel: string, args: unknown[]): Promise<unknown> => {
    const [window] = windows;
    const listener = listeners.get(channel);
    if (!window || !listener) throw new Error(`No handler registered for '${channel}'`);
    const { webContents: sender } = window;
    const event: InvokeEvent = { sender, senderFrame: sender.mainFrame, frameId: 1, processId: 1 };
    const trusted = channel === channels.admit ? withPaths(args, uploads) : args;
    // The stand-in has what listeners use of an event, and says so by name where they use more.
    const answered: unknown = await Reflect.apply(listener, undefined, [event, ...trusted]);
    return answered;
  };

  link.on('invoke', ({ id, channel, args }, page) => {
    saved
      .during(page, () => answer(channel, args))
      .then((value) => {
        link.send(answerFrame(id, value), page);
      })
      .catch((error: unknown) => {
        const message = `Error invoking remote method '${channel}': ${String(error)}`;
        link.send({ type: 'failed', id, message }, page);
      });
  });

  return {
    handle: (channel, listener) => {
      if (listeners.has(channel)) {
        throw new Error(`Attempted to register a second handler for '${channel}'`);
      }
      listeners.set(channel, listener);
    },
    removeHandler: (channel) => {
      listeners.delete(channel);
    },
    /** The host's own: what answers each channel. */
    listeners: (): ReadonlyMap<string, Listener> => listeners,
  } satisfies Pick<Electron.IpcMain, 'handle' | 'removeHandler'> & { listeners: unknown };
}

function answerFrame(id: number, value: unknown): HostFrame {
  // Typed as always text, but nothing answered is `undefined`.
  const json = JSON.stringify(value) as string | undefined;
  return json?.includes('"__proto__":')
    ? { type: 'answer', id, json }
    : { type: 'answer', id, value };
}

/**
 * The handed files with each ticket traded for the path of the upload. What is no ticket of ours becomes the empty path:
 * so a page can't name a file on this computer, which Electron's preload sees to in the desktop app.
 */
function withPaths([files]: unknown[], uploads: Uploads): unknown[] {
  if (!Array.isArray(files)) return [];
  return [
    files.map((file: unknown) => {
      const { name, path } = Object(file) as { name?: unknown; path?: unknown };
      return { name, path: uploads.redeem(path) };
    }),
  ];
}
