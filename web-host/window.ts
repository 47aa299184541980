import { EventEmitter } from 'node:events';
import { preventable } from './app.ts';
import type { Asked } from './asked.ts';
import { only } from './only.ts';
import type { PageLink } from './page-link.ts';
import { record } from './record.ts';

type WindowMethods = Pick<
  Electron.BrowserWindow,
  | 'loadURL'
  | 'show'
  | 'focus'
  | 'close'
  | 'destroy'
  | 'isDestroyed'
  | 'isMinimized'
  | 'isFocused'
  | 'restore'
  | 'setProgressBar'
  | 'getNormalBounds'
  | 'setBounds'
  | 'isMaximized'
  | 'maximize'
  | 'isFullScreen'
  | 'setFullScreen'
>;
type ContentsMethods = Pick<
  Electron.WebContents,
  'send' | 'setWindowOpenHandler' | 'setWebRTCIPHandlingPolicy' | 'isDestroyed' | 'id' | 'getURL'
>;
type Frame = Pick<Electron.WebFrameMain, 'url' | 'parent'>;

/** What a window needs of its host. */
export type WindowHost = {
  link: PageLink;
  session: unknown;
  asked: Asked;
  windows: WindowStandIn[];
  /** A window was made, with these contents. */
  created: (contents: ContentsStandIn) => void;
  /** A window wants its page shown. */
  loaded: () => void;
  closed: () => void;
};

/** `BrowserWindow#webContents`: the page, wherever its browser is. */
export class ContentsStandIn extends EventEmitter implements ContentsMethods {
  readonly id = 1;
  readonly session: unknown;
  readonly mainFrame: Frame;
  readonly #host: WindowHost;
  readonly #window: () => WindowStandIn;

  constructor(host: WindowHost, window: () => WindowStandIn) {
    super();
    this.#host = host;
    this.#window = window;
    this.session = host.session;
    const url = (): string => this.#window().url;
    this.mainFrame = only('WebFrameMain', {
      get url() {
        return url();
      },
      parent: null,
    });
  }

  send = (channel: string, ...args: unknown[]): void => {
    this.#host.link.send({ type: 'event', channel, args });
  };
  getURL = (): string => this.#window().url;
  isDestroyed = (): boolean => this.#window().isDestroyed();

  /** A browser is told so when it is started. */
  setWebRTCIPHandlingPolicy: Electron.WebContents['setWebRTCIPHandlingPolicy'] = (policy) => {
    this.#host.asked.webRTC.push(policy);
  };

  /** The page is served with a sandbox that has no windows to open, so `deny` is all there is. */
  setWindowOpenHandler = (
    handler: (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse,
  ): void => {
    const answer = handler({
      url: 'https://example.com/',
      frameName: '',
      features: '',
      disposition: 'new-window',
      referrer: { url: '', policy: 'no-referrer' },
    });
    if (answer.action !== 'deny') throw new Error('The web host opens no second window.');
    this.#host.asked.opensWindow.push(handler);
  };
}

/** `electron.BrowserWindow`: the one page. Closing the browser's tab closes it, unless the host keeps it. */
export class WindowStandIn extends EventEmitter implements WindowMethods {
  readonly webContents: ContentsStandIn;
  readonly preload: string;
  url = '';
  readonly #host: WindowHost;
  #bounds: Electron.Rectangle;
  #isMaximized = false;
  #isFullScreen = false;
  #destroyed = false;

  constructor(host: WindowHost, options: Electron.BrowserWindowConstructorOptions) {
    super();
    const { x = 0, y = 0, width = 800, height = 600, webPreferences = {} } = options;
    this.#bounds = { x, y, width, height };
    host.asked.order.push('window');
    host.asked.windows.push(options);
    if (host.windows.length > 0) throw new Error('The web host has one window.');
    const { preload, sandbox, contextIsolation, nodeIntegration, webviewTag } = webPreferences;
    if (!preload || !sandbox || contextIsolation === false || nodeIntegration || webviewTag) {
      throw new Error('The web host opens only a sandboxed, isolated window with a preload.');
    }
    this.#host = host;
    this.preload = preload;
    this.webContents = only('webContents', new ContentsStandIn(host, () => this));
    host.windows.push(this);
    host.link.on('focus', this.#onFocus);
    host.created(this.webContents);
  }

  readonly #onFocus = (on: boolean): void => {
    this.emit(on ? 'focus' : 'blur');
  };

  loadURL = (url: string): Promise<void> => {
    const { protocol, host } = new URL(url);
    if (protocol !== 'app:') throw new Error('The web host loads only app: addresses.');
    this.url = `${protocol}//${host}/`;
    this.#host.loaded();
    setImmediate(() => this.emit('ready-to-show'));
    return Promise.resolve();
  };

  close = (): void => {
    this.tryToClose();
  };

  /** False when a listener of `close` prevented it. */
  tryToClose(): boolean {
    if (this.#destroyed) return true;
    const event = preventable();
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    this.destroy();
    return true;
  }

  destroy = (): void => {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#host.windows.splice(this.#host.windows.indexOf(this), 1);
    this.#host.link.off('focus', this.#onFocus);
    this.webContents.emit('destroyed');
    this.emit('closed');
    this.#host.closed();
  };

  isDestroyed = (): boolean => this.#destroyed;
  isMinimized = (): boolean => false;
  isFocused = (): boolean => this.#host.link.isFocused;
  // The browser's window is its user's own: what main asks for is remembered and no more.
  getNormalBounds = (): Electron.Rectangle => ({ ...this.#bounds });
  setBounds = (bounds: Partial<Electron.Rectangle>): void => {
    this.#bounds = { ...this.#bounds, ...bounds };
    this.emit('resize');
    this.emit('move');
  };
  isMaximized = (): boolean => this.#isMaximized;
  maximize = (): void => {
    this.#isMaximized = true;
    this.emit('maximize');
  };
  isFullScreen = (): boolean => this.#isFullScreen;
  setFullScreen = (flag: boolean): void => {
    this.#isFullScreen = flag;
    this.emit(flag ? 'enter-full-screen' : 'leave-full-screen');
  };
  // A page can't raise its own tab, nor show progress in a task bar.
  show = (): void => undefined;
  focus = (): void => undefined;
  restore = (): void => undefined;
  setProgressBar = (
    value: number,
    { mode }: Electron.ProgressBarOptions = { mode: 'normal' },
  ): void => {
    record({ what: 'progress', value, mode });
  };
}
