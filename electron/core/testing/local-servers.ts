import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type Socket } from 'node:net';
import type { Certified } from './certificates.ts';

/** A real HTTP server on a free port; `url` is a predict URL on it. */
export async function serve(listener: RequestListener): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: addressOf(server),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A real HTTPS server that answers when it has the whole request, with JSON by default; `heard` are the headers it got. */
export async function serveTls(
  certified: Certified,
  answer: (response: ServerResponse) => void = (response) => response.end('{"a":1}'),
): Promise<AsyncDisposable & { url: string; heard: IncomingHttpHeaders[] }> {
  const heard: IncomingHttpHeaders[] = [];
  const server = createTlsServer(certified, (request, response) => {
    heard.push(request.headers);
    request.resume().once('end', () => {
      answer(response);
    });
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: addressOf(server).replace('http:', 'https:'),
    heard,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A server that says exactly these bytes of HTTP and then does as told with the connection. */
export async function raw(
  say: (socket: Socket) => void,
): Promise<AsyncDisposable & { url: string }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      say(socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: addressOf(server),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function addressOf(server: { address(): unknown }): string {
  return `http://127.0.0.1:${String(Reflect.get(Object(server.address()), 'port'))}/predict`;
}
