import type { ClientRequest } from 'node:http';
import type { ByteSource } from '../files/byte-source.ts';
import { FileSlice, MemoryBytes, unreadable } from '../files/byte-source.ts';
import { wholePages } from '../files/whole-pages.ts';
import { open } from 'node:fs/promises';
import { SoundpostError } from '../soundpost-error.ts';

/** Smaller pieces cost more calls, larger ones fall out of the processor's caches (measured at 1 GiB over loopback). */
const BUFFER_BYTES = 1024 * 1024;

/** What is made while it is sent, such as base64: each piece is new memory, and larger ones cost twice as much of it. */
const MADE_BYTES = 512 * 1024;

type Options = {
  signal: AbortSignal;
  /** Stops early without an error: the server has said no and reads no more. */
  isRefused: () => boolean;
  /** Before bytes are handed over, and after the socket has taken them. */
  onSend: (bytes: number) => void;
  onSent: (bytes: number) => void;
};

/**
 * Writes a body to a request piece after piece. Files go through two reused buffers: one is read while the other is on
 * its way, and none is touched before the socket has taken it, so a body of any size costs 2 MiB.
 * Answers whether the whole body was sent. @throws SoundpostError `file_unreadable`, `file_changed`; the signal's reason
 */
export async function upload(
  request: ClientRequest,
  pieces: readonly ByteSource[],
  options: Options,
): Promise<boolean> {
  for (const piece of pieces) {
    if (piece instanceof FileSlice) await uploadFile(request, piece, options);
    else await uploadSource(request, piece, options);
  }
  options.signal.throwIfAborted();
  if (options.isRefused()) return false;
  request.end();
  return true;
}

async function uploadFile(
  request: ClientRequest,
  slice: FileSlice,
  options: Options,
): Promise<void> {
  await using file = await open(slice.path, 'r').catch((error: unknown) => {
    throw unreadable(error);
  });
  const buffers = [wholePages(BUFFER_BYTES), wholePages(BUFFER_BYTES)] as const;
  const read = async (turn: number, at: number): Promise<Uint8Array> => {
    const buffer = turn === 0 ? buffers[0] : buffers[1];
    const length = Math.min(BUFFER_BYTES, slice.size - at);
    const { bytesRead } = await file
      .read(buffer, 0, length, slice.offset + at)
      .catch((error: unknown) => {
        throw unreadable(error);
      });
    return buffer.subarray(0, bytesRead);
  };
  let next = begun(read(0, 0));
  let inFlight: Promise<void> = Promise.resolve();
  for (let sent = 0, turn = 1; sent < slice.size && !options.isRefused(); turn ^= 1) {
    const bytes = await next;
    sent += bytes.length;
    // Looked at before the last bytes go, since a server that has them all may answer at once.
    if (bytes.length === 0 || (sent === slice.size && !(await slice.isUnchanged())))
      throw changed();
    await inFlight;
    // Asked for first, as the socket takes what it can before the call that writes returns.
    if (sent < slice.size) next = begun(read(turn, sent));
    inFlight = begun(write(request, bytes, options));
  }
  await inFlight;
}

async function uploadSource(
  request: ClientRequest,
  source: ByteSource,
  options: Options,
): Promise<void> {
  if (source instanceof MemoryBytes) return write(request, source.bytes, options);
  let inFlight: Promise<void> = Promise.resolve();
  for (let sent = 0; sent < source.size && !options.isRefused();) {
    const bytes = await source.read(sent, MADE_BYTES).catch((error: unknown) => {
      throw unreadable(error);
    });
    sent += bytes.length;
    const isLast = sent >= source.size;
    if (bytes.length === 0 || (isLast && !(await source.isUnchanged()))) throw changed();
    await inFlight;
    inFlight = begun(write(request, bytes, options));
  }
  await inFlight;
}

/** Resolves when the socket has taken the bytes, so that their buffer may be used again and the pace is the network's. */
async function write(request: ClientRequest, bytes: Uint8Array, options: Options): Promise<void> {
  const { signal } = options;
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error | null): void => {
      request.off('close', settle);
      // A server that has answered may close its side; the answer counts, not the broken pipe.
      if (signal.aborted) reject(asError(signal.reason));
      else if (error && !options.isRefused()) reject(error);
      else resolve();
    };
    request.once('close', settle);
    options.onSend(bytes.length);
    request.write(bytes, settle);
  });
  options.onSent(bytes.length);
}

/** Work that is awaited later, or not any more when other work fails first: then its failure tells nobody anything. */
function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

const asError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error('aborted', { cause: reason });

const changed = (): SoundpostError =>
  new SoundpostError(
    'file_changed',
    'The file changed on this computer while it was being sent, so the run was stopped. Run it again when nothing writes to it.',
  );
