import { open } from 'node:fs/promises';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { FileSlice, type ByteSource } from '../files/byte-source.ts';
import { unwritable } from '../files/replace-file.ts';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';

const READ_BYTES = 256 * 1024;
/** A thousandth of this may grow to it, and nobody asked for compression. */
const LARGEST_BYTES = 1024 * 1024 * 1024;

/** What undoes a `Content-Encoding`. Null when there is nothing to undo, or for one we don't know. */
function decoderFor(encoding: string): Transform | null {
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'deflate':
      return zlib.createInflate();
    case 'br':
      return zlib.createBrotliDecompress();
    default:
      return null;
  }
}

/** An answer without its compression; what could be read of it when it is cut or damaged, and the failure that says so. */
export type Unpacked = { bytes: FileSlice; failure?: SoundpostError };

/**
 * Undoes the compression of an answer, which some servers and proxies apply though they were asked not to, into a file of
 * its own at `path`. Unlike most decoders this one says when the end is missing. Null when there is nothing to undo.
 * @throws SoundpostError `disk_full`, `disk_error`
 */
export async function unpack(
  source: ByteSource,
  encoding: string,
  path: string,
  largest = LARGEST_BYTES,
): Promise<Unpacked | null> {
  const decoder = decoderFor(encoding);
  if (!decoder) return null;
  let written = 0;
  let failure: SoundpostError | undefined;
  await using file = await open(path, 'w', 0o600).catch((error: unknown) => {
    throw unwritable(error);
  });
  try {
    await pipeline(pieces(source), decoder, async (unpacked: AsyncIterable<Buffer>) => {
      for await (const piece of unpacked) {
        if (written + piece.length > largest) throw tooLarge();
        await file.writeFile(piece);
        written += piece.length;
      }
    });
  } catch (error) {
    failure = unpackFailure(error);
  }
  const bytes = new FileSlice(path, 0, written);
  return failure ? { bytes, failure } : { bytes };
}

async function* pieces(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < source.size; offset += READ_BYTES) {
    yield await source.read(offset, READ_BYTES);
  }
}

const tooLarge = (): SoundpostError =>
  new SoundpostError(
    'answer_undecodable',
    'The answer is compressed and grows past 1 GiB when it is unpacked, so Soundpost stopped. The server should not compress it; response.bin holds it as it came.',
  );

/** @throws SoundpostError for a disk that can't take it */
function unpackFailure(error: unknown): SoundpostError {
  if (error instanceof SoundpostError) return error;
  if (hasErrorCode(error, 'Z_BUF_ERROR')) {
    return new SoundpostError(
      'answer_incomplete',
      'The answer is compressed and stops in the middle. What could be unpacked is kept; run it again for the rest.',
      { cause: error },
    );
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!/^(Z_|ERR__?ERROR|ERR_BROTLI|ERR_PADDING|ERR_[A-Z_]*FORMAT)/.test(code)) {
    throw unwritable(error);
  }
  return new SoundpostError(
    'answer_undecodable',
    'The server says that the answer is compressed, and its bytes are not, or are damaged. It is kept as it came; the model’s server is at fault.',
    { cause: error },
  );
}
