import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hasErrorCode } from '../electron/core/soundpost-error.ts';

/** Servers on one port of this computer's loopback addresses, and on no other. */
export type Loopback = { port: number; servers: Server[]; close(): void };

const ATTEMPTS = 20;

/**
 * Listens on 127.0.0.1 and, where there is one, on ::1. A browser tries both for a name under `localhost`, so leaving ::1
 * free would let another user of this computer take our page's requests there.
 *
 * @throws the system's error when the port is taken
 */
export async function listenOnLoopback(port: number): Promise<Loopback> {
  for (let attempt = 1; ; attempt += 1) {
    const v4 = await listen('127.0.0.1', port);
    const taken = (v4.address() as AddressInfo).port;
    try {
      const v6 = await listenIfPossible('::1', taken);
      const servers = v6 ? [v4, v6] : [v4];
      return {
        port: taken,
        servers,
        close: () => {
          servers.forEach(shut);
        },
      };
    } catch (error) {
      v4.close();
      if (port !== 0 || attempt === ATTEMPTS) throw error;
    }
  }
}

function shut(server: Server): void {
  server.close();
  server.closeAllConnections();
}

async function listenIfPossible(host: string, port: number): Promise<Server | null> {
  try {
    return await listen(host, port);
  } catch (error) {
    if (hasErrorCode(error, 'EADDRNOTAVAIL', 'EAFNOSUPPORT')) return null;
    throw error;
  }
}

function listen(host: string, port: number): Promise<Server> {
  // A big file on a slow line takes as long as it takes; the gate has already let the request in.
  const server = createServer({ requestTimeout: 0 });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      resolve(server);
    });
  });
}
