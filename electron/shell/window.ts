import { BrowserWindow, type WebContents } from 'electron';
import { channels } from '../contract/bridge.ts';
import type { EventName, Events } from '../contract/events.ts';
import { ownOrigin } from './own-page.ts';
import type { Opening } from './window-state.ts';

/** Opens the one window, closed to everything but our own page. */
export function openWindow(preload: string, { placement, fills }: Opening): BrowserWindow {
  const window = new BrowserWindow({
    ...placement,
    minWidth: 420,
    minHeight: 480,
    show: false,
    title: 'Soundpost',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  // On Windows the first time counts in the primary screen's scale, whichever screen it is on.
  window.setBounds(placement);
  window.once('ready-to-show', () => {
    if (fills === 'work-area') window.maximize();
    window.show();
    if (fills === 'screen') window.setFullScreen(true);
  });
  void window.loadURL(`${ownOrigin}/`);
  return window;
}

/** Keeps any page where it is: no navigation (not even to our own origin), no new windows, no webviews. */
export function confine(contents: WebContents): void {
  const refuse = (event: { preventDefault(): void }): void => {
    event.preventDefault();
  };
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', refuse);
  // With a page's session that has no way out, WebRTC reaches nobody: not by UDP, which knows no proxy, and not by TCP.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Tells the page something; says nothing to a window that is gone. */
export function sendEvent<E extends EventName>(
  window: BrowserWindow | null,
  event: E,
  payload: Events[E],
): void {
  if (window === null || window.isDestroyed()) return;
  window.webContents.send(channels.event, event, payload);
}
