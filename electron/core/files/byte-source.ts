import { open, stat } from 'node:fs/promises';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';

/** Bytes that can be read anywhere, wherever they lie. Offsets and sizes are in bytes. */
export type ByteSource = {
  readonly size: number;
  /** Shorter than `length` only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** False when the bytes are no longer those that were described at first. @throws SoundpostError `file_unreadable` */
  isUnchanged(): Promise<boolean>;
};

/** Bytes of which any range can be handed on without reading it. */
export type SliceableBytes = ByteSource & { slice(offset: number, size: number): SliceableBytes };

export class MemoryBytes implements SliceableBytes {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get size(): number {
    return this.bytes.length;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return Promise.resolve(this.bytes.subarray(offset, offset + length));
  }

  isUnchanged(): Promise<boolean> {
    return Promise.resolve(true);
  }

  slice(offset: number, size: number): MemoryBytes {
    return new MemoryBytes(this.bytes.subarray(offset, offset + size));
  }
}

/** `size` bytes of a file from `offset` on. Opens the file for each read, so it holds no descriptor while it waits. */
export class FileSlice implements SliceableBytes {
  readonly path: string;
  readonly offset: number;
  readonly size: number;
  /** The file's size and time of change when it was described; absent for files that only we write. */
  readonly #described: { size: number; mtimeMs: number } | undefined;

  constructor(
    path: string,
    offset: number,
    size: number,
    described?: { size: number; mtimeMs: number },
  ) {
    this.path = path;
    this.offset = offset;
    this.size = size;
    this.#described = described;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const buffer = new Uint8Array(wanted);
    await using file = await open(this.path, 'r');
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await file.read(
        buffer,
        filled,
        wanted - filled,
        this.offset + offset + filled,
      );
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }

  async isUnchanged(): Promise<boolean> {
    if (this.#described === undefined) return true;
    const { size, mtimeMs } = await stat(this.path).catch((error: unknown) => {
      throw unreadable(error);
    });
    return size === this.#described.size && mtimeMs === this.#described.mtimeMs;
  }

  /** A part of this slice. */
  slice(offset: number, size: number): FileSlice {
    return new FileSlice(this.path, this.offset + offset, size, this.#described);
  }
}

/** Slices of files that follow one another as if they were one. A range that lies in one of them is that one's own slice. */
export class JoinedSlices implements SliceableBytes {
  readonly size: number;
  readonly slices: readonly FileSlice[];

  constructor(slices: readonly FileSlice[]) {
    this.slices = slices.filter(({ size }) => size > 0);
    this.size = slices.reduce((sum, { size }) => sum + size, 0);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const pieces = this.#within(offset, length);
    return Buffer.concat(await Promise.all(pieces.map((piece) => piece.read(0, piece.size))));
  }

  async isUnchanged(): Promise<boolean> {
    return (await Promise.all(this.slices.map((slice) => slice.isUnchanged()))).every(Boolean);
  }

  slice(offset: number, size: number): SliceableBytes {
    const pieces = this.#within(offset, size);
    return pieces.length === 1 && pieces[0] ? pieces[0] : new JoinedSlices(pieces);
  }

  #within(offset: number, length: number): FileSlice[] {
    let start = 0;
    return this.slices.flatMap((slice) => {
      const from = Math.max(offset - start, 0);
      const to = Math.min(offset + length - start, slice.size);
      start += slice.size;
      return to > from ? [slice.slice(from, to - from)] : [];
    });
  }
}

/** Sources one after the other, read as one. */
export class Joined implements ByteSource {
  readonly sources: readonly ByteSource[];
  readonly size: number;

  constructor(sources: readonly ByteSource[]) {
    this.sources = sources;
    this.size = sources.reduce((sum, { size }) => sum + size, 0);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let start = 0;
    for (const source of this.sources) {
      const from = Math.max(0, offset - start);
      const to = Math.min(source.size, offset + length - start);
      if (to > from) pieces.push(await source.read(from, to - from));
      start += source.size;
    }
    return Buffer.concat(pieces);
  }

  async isUnchanged(): Promise<boolean> {
    const each = await Promise.all(this.sources.map((source) => source.isUnchanged()));
    return each.every(Boolean);
  }
}

/** The whole of a file as it is now. @throws SoundpostError `file_unreadable` */
export async function wholeFile(path: string): Promise<FileSlice> {
  try {
    const { size, mtimeMs } = await stat(path);
    return new FileSlice(path, 0, size, { size, mtimeMs });
  } catch (error) {
    throw unreadable(error);
  }
}

/** An error met while reading a file of the user's, in words. */
export function unreadable(error: unknown): SoundpostError {
  if (error instanceof SoundpostError) return error;
  const why = hasErrorCode(error, 'ENOENT')
    ? 'It is not there any more.'
    : hasErrorCode(error, 'EACCES', 'EPERM')
      ? 'This account may not read it.'
      : hasErrorCode(error, 'EISDIR')
        ? 'It is a folder.'
        : 'The disk or drive it is on may have a fault.';
  return new SoundpostError(
    'file_unreadable',
    `The file can't be read on this computer. ${why} Choose it again, or another one.`,
    { cause: error },
  );
}
