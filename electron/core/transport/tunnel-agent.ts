import { request as httpRequest, type ClientRequestArgs, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest, type AgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { proxyRefusal, proxyUnreachable, type Proxy } from './proxy.ts';

/** What a proxy may take before a tunnel is given up that nobody waits for any more, in milliseconds. */
const LONGEST_SILENCE = 60_000;

type Made = (error: Error | null, stream: Duplex) => void;

/**
 * Keeps https connections that lead through an HTTP proxy: CONNECT to the host, then TLS with the host itself, so that
 * the proxy sees neither the key nor the file. A connection is handed out when TLS stands; what fails before then was
 * never sent. Written on Node's own hook for agents, since `https-proxy-agent` hands a refusal of the proxy on as if
 * it were the model's answer.
 */
export class TunnelAgent extends Agent {
  readonly #proxy: Proxy;
  readonly #opening = new Set<Duplex>();

  constructor(proxy: Proxy, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(options: ClientRequestArgs, made?: Made): undefined {
    const host = `${options.host}:${options.port}`;
    const { url, headers } = this.#proxy;
    const fail = (error: Error): void => made?.(error, undefined as never);
    const asking = (url.protocol === 'https:' ? httpsRequest : httpRequest)({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      method: 'CONNECT',
      path: host,
      headers: { host, ...headers },
      agent: false,
      timeout: LONGEST_SILENCE,
    });
    asking.once('error', (error) => {
      fail(proxyUnreachable(error, this.#proxy));
    });
    asking.once('timeout', () => asking.destroy(new Error('The proxy said nothing.')));
    asking.once('connect', (answer: IncomingMessage, socket: Socket) => {
      const status = answer.statusCode ?? 0;
      if (status >= 200 && status < 300) {
        this.#secure({ ...options, socket } as ConnectionOptions, made);
      } else {
        socket.destroy();
        fail(proxyRefusal(status, host, this.#proxy));
      }
    });
    asking.once('socket', (socket) => {
      this.#opening.add(socket);
      socket.once('close', () => this.#opening.delete(socket));
    });
    asking.end();
  }

  override destroy(): void {
    super.destroy();
    for (const socket of this.#opening) socket.destroy();
  }

  #secure(options: ConnectionOptions, made?: Made): void {
    const socket = connectTls({ servername: options.host ?? '', ...options });
    socket.setTimeout(LONGEST_SILENCE, () => socket.destroy(new Error('TLS took too long.')));
    const fail = (error: Error): void => made?.(error, undefined as never);
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      socket.off('error', fail);
      made?.(null, socket);
    });
  }
}
