import diagnosticsChannel from 'node:diagnostics_channel';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { isIP, Socket, type TcpSocketConnectOpts } from 'node:net';

// Loaded into a process before all else: each address it connects to, and each name it asks for, is a line in a file. Sockets of
// the file system, as of the keychain's bus, lead to no other computer.

const file = process.env['SOUNDPOST_CONNECTIONS'] ?? '';
const note = (line: string): void => {
  appendFileSync(file, `${line}\n`);
};

const connect = Reflect.get(Socket.prototype, 'connect') as (...all: unknown[]) => unknown;
Socket.prototype.connect = function (this: Socket, ...all: unknown[]) {
  const [first] = (Array.isArray(all[0]) ? all[0] : all) as [TcpSocketConnectOpts | number];
  const {
    host = 'localhost',
    port,
    path,
  } = typeof first === 'object'
    ? (first as TcpSocketConnectOpts & { path?: string })
    : { port: first, path: undefined };
  if (!path) note(`${host}:${String(port)}`);
  return Reflect.apply(connect, this, all);
} as typeof Socket.prototype.connect;

const lookup = dns.lookup;
dns.lookup = ((name: string, ...rest: never[]) => {
  // An address needs no asking; whoever listens goes this way too.
  if (name !== 'localhost' && isIP(name) === 0) note(`name ${name}`);
  return Reflect.apply(lookup, dns, [name, ...rest]) as unknown;
}) as unknown as typeof dns.lookup;

diagnosticsChannel.subscribe('udp.socket', () => {
  note('udp');
});
