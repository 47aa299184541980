import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer } from 'ws';
import { type Gate, secret } from './gate.ts';
import type { Loopback } from './loopback.ts';
import { asset, OWN, preloadScript, withPreload, type Asset } from './page-assets.ts';
import type { PageLink } from './page-link.ts';
import type { SavedFiles } from './saved-files.ts';
import { answerFromScheme, type SchemeHandler } from './scheme-bridge.ts';
import type { Uploads } from './uploads.ts';
import type { WindowStandIn } from './window.ts';

const MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * On top of the app's own policy: no new windows, whatever a script tries. Electron's window refuses them by handler, a
 * browser only by this. Downloads and the page's own forms stay.
 */
const sandbox = 'sandbox allow-scripts allow-same-origin allow-downloads allow-forms allow-modals';

const everyAnswer = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

type Options = {
  gate: Gate;
  loopback: Loopback;
  link: PageLink;
  uploads: Uploads;
  saved: SavedFiles;
  windows: WindowStandIn[];
  handler: () => SchemeHandler | undefined;
  log: (error: unknown) => void;
};

/** The host's HTTP side: who may come in, the host's own addresses, and all else to the app's scheme handler. */
export class HostServer {
  readonly #options: Options;
  readonly #pages = new Set<string>();
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES });

  constructor(options: Options) {
    this.#options = options;
    for (const server of options.loopback.servers) {
      server.on('request', (request, response) => {
        this.#answer(request, response).catch((error: unknown) => {
          options.log(error);
          if (response.headersSent) response.destroy();
          else plain(response, 500, 'Soundpost itself failed here.');
        });
      });
      server.on('upgrade', (request, socket, head) => {
        this.#upgrade(request, socket, head);
      });
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { gate } = this.#options;
    for (const [name, value] of Object.entries(everyAnswer)) response.setHeader(name, value);
    const url = URL.parse(request.url ?? '', gate.origin);
    if (!gate.isMeantForUs(request.headers) || url?.origin !== gate.origin) {
      plain(response, 403, 'No.');
      return;
    }
    if (url.pathname === `${OWN}enter`) {
      this.#enter(url.searchParams.get('token'), response);
      return;
    }
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!(reads ? gate.isOurPage(request.headers) : gate.isOurScript(request.headers))) {
      plain(response, 403, 'Open the address that Soundpost printed. It works once.');
      return;
    }
    if (url.pathname.startsWith(OWN)) {
      await this.#own(url.pathname.slice(OWN.length), url, request, response);
      return;
    }
    // Browsers ask for this by themselves; no window of Electron's does.
    if (url.pathname === '/favicon.ico') response.writeHead(204).end();
    else await this.#app(url, request, response);
  }

  /** A page that goes on by itself, not a redirect: coming from another site, a redirect would not carry a Strict cookie. */
  #enter(token: string | null, response: ServerResponse): void {
    const cookie = this.#options.gate.redeem(token);
    if (cookie === null) {
      plain(response, 403, 'This address was used before. Start Soundpost again for a new one.');
      return;
    }
    response.writeHead(200, {
      'set-cookie': cookie,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    response.end(
      '<!doctype html><title>Soundpost</title><meta http-equiv="refresh" content="0;url=/">',
    );
  }

  async #own(
    path: string,
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const [kind, word = ''] = path.split('/');
    if (request.method === 'PUT' && kind === 'uploads') {
      await this.#receive(word, url.searchParams.get('name') ?? '', request, response);
    } else if (request.method === 'GET' && kind === 'downloads') {
      await this.#download(word, response);
    } else {
      const found = path === 'preload.js' ? this.#preload() : await asset(path);
      if (!found) plain(response, 404, 'There is nothing here.');
      else response.writeHead(200, headersOf(found)).end(found.text);
    }
  }

  #preload(): Asset | null {
    const [window] = this.#options.windows;
    if (!window) return null;
    const page = secret();
    this.#pages.add(page);
    return preloadScript(window.preload, { page, tickets: this.#options.uploads.issue() });
  }

  async #receive(
    ticket: string,
    name: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { uploads, log } = this.#options;
    if (!uploads.isOpen(ticket)) {
      plain(response, 403, 'No.');
      return;
    }
    try {
      await uploads.receive(ticket, name, request);
      plain(response, 201, 'Taken.');
    } catch (error) {
      log(error);
      if (!request.destroyed) plain(response, 507, 'The file could not be kept.');
    }
  }

  async #download(word: string, response: ServerResponse): Promise<void> {
    const path = this.#options.saved.take(word);
    if (path === null) {
      plain(response, 404, 'There is nothing here.');
      return;
    }
    const { size } = await stat(path);
    const name = encodeURIComponent(basename(path)).replaceAll("'", '%27');
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': size,
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
      'cache-control': 'no-store',
    });
    await pipeline(createReadStream(path), response);
    await rm(path, { force: true });
  }

  async #app(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const handler = this.#options.handler();
    if (!handler || this.#options.windows.length === 0) {
      plain(response, 503, 'Soundpost has no window open.');
      return;
    }
    const isDocument = request.headers['sec-fetch-dest'] === 'document' || url.pathname === '/';
    await answerFromScheme({
      request,
      response,
      target: url.pathname + url.search,
      handler,
      page: isDocument ? withPreload : (html) => html,
      extraHeaders: isDocument
        ? { 'content-security-policy': sandbox, 'cache-control': 'no-store' }
        : {},
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { gate, link } = this.#options;
    socket.on('error', () => {
      socket.destroy();
    });
    const url = URL.parse(request.url ?? '', gate.origin);
    const page = url?.searchParams.get('page') ?? '';
    const known = url?.origin === gate.origin && url.pathname === `${OWN}socket`;
    if (!known || !gate.isOurScript(request.headers) || !this.#pages.has(page)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) => {
      link.attach(opened, page);
    });
  }
}

const headersOf = ({ type }: Asset): Record<string, string> => ({
  'content-type': type,
  'cache-control': 'no-store',
});

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    ...(status === 201 ? {} : { connection: 'close' }),
  });
  response.end(`${text}\n`);
}
