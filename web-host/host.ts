import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { AppStandIn } from './app.ts';
import { Asked } from './asked.ts';
import { createDialogs } from './dialogs.ts';
import { Gate } from './gate.ts';
import { createIpc } from './ipc.ts';
import { listenOnLoopback, type Loopback } from './loopback.ts';
import { only } from './only.ts';
import { hasDesktop, openEntry, openOnDesktop } from './opener.ts';
import { PageLink } from './page-link.ts';
import { SavedFiles } from './saved-files.ts';
import type { SchemeHandler } from './scheme-bridge.ts';
import { Scratch } from './scratch.ts';
import { HostServer } from './server.ts';
import { Uploads } from './uploads.ts';
import { WindowStandIn, type WindowHost } from './window.ts';

const GRACE_MS = 10_000;
const LAST_WORDS_MS = 5000;

type StartOptions = {
  port: number;
  keep: boolean;
  open: boolean;
  /** Called once, with the address that lets a browser in. */
  onUrl: (url: string) => void;
  log: (error: unknown) => void;
};

/** The parts of the web host, put together. There is one in a process, as there is one Electron. */
export class Host {
  readonly link = new PageLink();
  readonly windows: WindowStandIn[] = [];
  readonly app: AppStandIn;
  readonly dialogs: ReturnType<typeof createDialogs>;
  readonly ipc: ReturnType<typeof createIpc>;
  readonly handlers = new Map<string, SchemeHandler>();
  readonly asked = new Asked();
  /** `session.defaultSession`, set by the module that stands in for `electron`. */
  session: unknown;
  readonly #scratch = new Scratch();
  readonly #uploads = new Uploads(this.#scratch);
  readonly #saved = new SavedFiles(this.#scratch, this.link);
  #loopback: Loopback | null = null;
  #gate: Gate | null = null;
  #start: StartOptions | null = null;
  #announced = false;
  #grace: NodeJS.Timeout | undefined;

  constructor(root: string) {
    this.app = new AppStandIn({
      root,
      windows: () => [...this.windows],
      end: (code) => {
        this.#end(code);
      },
      sandboxed: () => this.asked.order.push('sandbox'),
    });
    const parts = { link: this.link, uploads: this.#uploads, saved: this.#saved };
    this.dialogs = createDialogs(parts);
    this.ipc = createIpc({ ...parts, windows: this.windows });
    process.once('exit', () => {
      this.#scratch.remove();
    });
  }

  /** Listens, then lets the app begin. @throws the system's error when the port is taken */
  async start(options: StartOptions): Promise<void> {
    this.#start = options;
    const loopback = await listenOnLoopback(options.port);
    this.#loopback = loopback;
    this.#gate = new Gate(`soundpost-${randomBytes(8).toString('hex')}`, loopback.port);
    new HostServer({
      gate: this.#gate,
      loopback,
      link: this.link,
      uploads: this.#uploads,
      saved: this.#saved,
      windows: this.windows,
      handler: () => this.handlers.get('app'),
      log: options.log,
    });
    if (!options.keep) this.#endWithPage();
    this.#endOnSignals();
    this.asked.order.push('ready');
    this.app.becomeReady();
  }

  /** What a new window gets. */
  windowHost(): WindowHost {
    return {
      link: this.link,
      session: this.session,
      asked: this.asked,
      windows: this.windows,
      created: (contents) => this.app.emit('web-contents-created', new EventEmitter(), contents),
      loaded: () => {
        this.#announce();
      },
      closed: () => {
        this.app.windowClosed();
      },
    };
  }

  /** Shows an address: in the desktop's browser where the page is there too, else in words on the page. */
  async visit(url: string): Promise<void> {
    if (!/^https:\/\//.test(url)) throw new Error('The web host opens only https addresses.');
    if (this.#start?.open && hasDesktop()) openOnDesktop(url);
    else await this.link.ask({ kind: 'visit', url });
  }

  #announce(): void {
    if (this.#announced || !this.#gate || !this.#start) return;
    this.#announced = true;
    const { entryUrl } = this.#gate;
    this.#start.onUrl(entryUrl);
    if (this.#start.open && hasDesktop()) openEntry(entryUrl, this.#scratch);
  }

  /** A window that will not close yet, because a run is in flight, is asked again until it does. */
  #endWithPage(): void {
    this.link.on('gone', () => {
      clearInterval(this.#grace);
      this.#grace = setInterval(() => {
        this.windows[0]?.close();
      }, GRACE_MS);
    });
    this.link.on('here', () => {
      clearInterval(this.#grace);
    });
  }

  #endOnSignals(): void {
    let asked = false;
    const end = (): void => {
      if (asked) this.app.exit(130);
      asked = true;
      // Whoever sent the signal is not at the page, so its questions are not waited for.
      this.link.dismissQuestions();
      this.app.quit();
      setTimeout(() => {
        this.app.exit(130);
      }, LAST_WORDS_MS).unref();
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
  }

  #end(code: number): void {
    this.link.end();
    this.#loopback?.close();
    this.#scratch.remove();
    // The page's closing word goes out first.
    setImmediate(() => process.exit(code));
  }
}

type WindowClass = {
  new (options?: Electron.BrowserWindowConstructorOptions): WindowStandIn;
  getAllWindows(): WindowStandIn[];
};

/** A window class bound to this host; `new BrowserWindow(options)` as in Electron. */
export function windowClass(host: Host): WindowClass {
  return class BrowserWindow extends WindowStandIn {
    constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
      super(host.windowHost(), options);
      return only('BrowserWindow', this);
    }
    static getAllWindows(): WindowStandIn[] {
      return [...host.windows];
    }
  };
}
