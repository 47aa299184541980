import type { Agent } from 'node:http';
import type { Socket } from 'node:net';
import { wholePages } from '../files/whole-pages.ts';

/** What a connection is read into: four times what Node reads at once. Larger reads gain nothing (measured at 1 GiB). */
const READ_BYTES = 256 * 1024;

/**
 * Lets an agent's connections be read into one buffer that each keeps, by Node's `onread`. By itself Node makes 64 KiB of
 * new memory for each read, of which its HTTP parser copies the body out: at a gigabyte, half of all work goes to that.
 */
export function withLargeReads<A extends Agent>(agent: A): A {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, made) => {
    const buffer = wholePages(READ_BYTES);
    const callback = (length: number): boolean =>
      handOn(socket as Socket, buffer.subarray(0, length));
    const socket = connect({ ...options, ...{ onread: { buffer, callback } } }, made);
    return socket;
  };
  return agent;
}

/**
 * Node's HTTP parser is done with bytes when its listener returns, and keeps copies, so it can be given the buffer itself.
 * Whoever else may want them, or later, gets a copy. False asks for a pause.
 */
function handOn(socket: Socket, bytes: Buffer): boolean {
  const isHeard = socket.readableFlowing === true && socket.listenerCount('data') > 0;
  if (isHeard && socket.readableLength === 0) return socket.emit('data', bytes);
  return socket.push(Buffer.from(bytes));
}
