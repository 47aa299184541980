import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** An HTTP proxy on a free port. Every host is taken to be on this computer, so tests can use names that no DNS knows. */
export type ProxyServer = AsyncDisposable & {
  port: number;
  /** First lines and headers of what it was asked. */
  asked: { method: string; target: string; headers: IncomingMessage['headers'] }[];
  /** Everything that went through its tunnels from clients. */
  tunnelled: Buffer[];
};

type Options = {
  /** `name:password`; others get 407. */
  login?: string;
  /** Answers this to every CONNECT instead of a tunnel. */
  refuseWith?: number;
};

export async function startProxy({ login, refuseWith }: Options = {}): Promise<ProxyServer> {
  const asked: ProxyServer['asked'] = [];
  const tunnelled: Buffer[] = [];
  const sockets = new Set<Duplex>();
  const isKnown = ({ headers }: IncomingMessage): boolean =>
    login === undefined ||
    headers['proxy-authorization'] === `Basic ${Buffer.from(login).toString('base64')}`;
  const note = ({ method = '', url = '', headers }: IncomingMessage): void => {
    asked.push({ method, target: url, headers });
  };

  const server = createServer((request, response) => {
    note(request);
    if (!isKnown(request)) return response.writeHead(407).end();
    const { port, pathname } = new URL(request.url ?? '');
    const { method, headers } = request;
    const onward = httpRequest({ host: '127.0.0.1', port, path: pathname, method, headers });
    onward.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    return request.pipe(onward);
  });
  server.on('connect', (request, client: Duplex) => {
    note(request);
    sockets.add(client);
    client.on('error', () => undefined);
    if (!isKnown(request)) return client.end('HTTP/1.1 407 Who are you\r\n\r\n');
    if (refuseWith) return client.end(`HTTP/1.1 ${refuseWith} No\r\n\r\n`);
    const port = Number((request.url ?? '').split(':')[1]);
    const onward = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.on('data', (chunk: Buffer) => tunnelled.push(chunk));
      client.pipe(onward).pipe(client);
    });
    sockets.add(onward);
    return onward.on('error', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: Number(Reflect.get(Object(server.address()), 'port')),
    asked,
    tunnelled,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
