/**
 * The other end of the transfer bench: a server on raw sockets, so that it costs less than any client: what
 * comes is only counted, what goes comes from one block of memory. Prints its port as the first line; each further
 * line is one exchange, { path, received, busy } with `busy` the share of the exchange's time that this process was on a processor.
 */
import { createServer, type Socket } from 'node:net';

const MEBIBYTE = 1024 * 1024;
const block = Buffer.alloc(MEBIBYTE, 'answer');

/** Writes the answer that the path asks for: `/send` none, `/message/N` one message of N MiB, `/stream/N` N MiB in chunks. */
async function answer(socket: Socket, path: string): Promise<void> {
  const [, kind, mebibytes = '0'] = path.split('/');
  const count = Number(mebibytes);
  if (kind === 'message') {
    const head = Buffer.from('\x81\xa9byte_data\xc6\0\0\0\0', 'latin1');
    head.writeUInt32BE(count * MEBIBYTE, head.length - 4);
    socket.write(headers(`content-length: ${head.length + count * MEBIBYTE}`));
    socket.write(head);
    await blocks(socket, count, [block]);
  } else if (kind === 'stream') {
    socket.write(headers('transfer-encoding: chunked'));
    const size = Buffer.from(`${MEBIBYTE.toString(16)}\r\n`);
    await blocks(socket, count, [size, block, Buffer.from('\r\n')]);
    socket.write('0\r\n\r\n');
  } else {
    socket.write(headers('content-length: 0'));
  }
}

const headers = (length: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\n${length}\r\n\r\n`;

async function blocks(socket: Socket, count: number, pieces: Buffer[]): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    socket.cork();
    let goesOn = true;
    for (const piece of pieces) goesOn = socket.write(piece);
    socket.uncork();
    if (!goesOn) await new Promise((resolve) => socket.once('drain', resolve));
  }
}

/** One request at a time on a socket: its head is small and read as text, its body only counted. */
function serve(): (bytes: Buffer, socket: Socket) => void {
  let head = '';
  let left = 0;
  let path = '';
  let received = 0;
  let began = { at: 0, cpu: process.cpuUsage() };
  const finish = async (socket: Socket): Promise<void> => {
    await answer(socket, path);
    const { user, system } = process.cpuUsage(began.cpu);
    const busy = (user + system) / 1000 / (performance.now() - began.at);
    process.stdout.write(`${JSON.stringify({ path, received, busy })}\n`);
  };
  return (bytes, socket) => {
    if (left > 0) {
      left -= bytes.length;
      received += bytes.length;
      if (left === 0) void finish(socket);
      return;
    }
    head += bytes.toString('latin1');
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    began = { at: performance.now(), cpu: process.cpuUsage() };
    path = /^\w+ (\S+)/.exec(head)?.[1] ?? '/';
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    if (/^expect: *100-continue/im.test(head)) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    received = head.length - end - 4;
    left = length - received;
    head = '';
    if (left === 0) void finish(socket);
  };
}

const server = createServer({ noDelay: true }, (socket) => {
  const take = serve();
  // A client that goes early is that client's matter: the bench looks at its exit code.
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    take(bytes, socket);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? (address?.port ?? '') : ''}\n`);
});
