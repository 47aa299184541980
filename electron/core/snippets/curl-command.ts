import { Base64Of } from '../codec/base64.ts';
import type { RequestBody } from '../codec/request-body.ts';
import { FileSlice, MemoryBytes, type ByteSource } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { notAnOption, quoted } from './shell-quote.ts';

/** Bytes: Linux takes 128 KiB as one argument. A longer body goes to curl through a pipe. */
const LONGEST_ARGUMENT = 100_000;

type Request = {
  url: URL;
  /** The scheme of the `Authorization` header; null for a request without a key. */
  keyAs: 'Api-Key' | 'Bearer' | null;
  body: RequestBody;
  /** Whether what comes is written at once, and not first gathered. */
  streams?: boolean;
};

/**
 * The command that sends the same bytes with curl, for any POSIX shell. The key stands in it as `$BASETEN_API_KEY`; files
 * are named by the paths they were admitted with, so it is for whoever named them, not for the page.
 * @throws SoundpostError `invalid_request` for bytes that no command can make
 */
export function curlCommand({ url, keyAs, body, streams = false }: Request): string {
  const { before, data } = dataOf(body.pieces);
  // curl reads brackets and braces in an address as ranges of addresses.
  const globs = /[[\]{}]/.test(url.pathname + url.search) ? '--globoff ' : '';
  const lines = [
    `${before}curl ${streams ? '--no-buffer ' : ''}${globs}${quoted(url.href)}`,
    ...(keyAs ? [`-H "Authorization: ${keyAs} $BASETEN_API_KEY"`] : []),
    `-H ${quoted(`Content-Type: ${body.contentType}`)}`,
    data,
  ];
  return lines.join(' \\\n  ');
}

/** What comes before curl, and the option that gives it the body. */
function dataOf(pieces: readonly ByteSource[]): { before: string; data: string } {
  const [only] = pieces;
  if (pieces.length === 1 && only instanceof FileSlice) {
    return { before: '', data: `--data-binary ${quoted(`@${pathOf(only)}`)}` };
  }
  const text = shortText(pieces);
  if (text !== null) return { before: '', data: `--data-raw ${quoted(text)}` };
  const commands = pieces.filter(({ size }) => size > 0).map(commandFor);
  const all = commands.length === 1 ? String(commands[0]) : `{ ${commands.join('; ')}; }`;
  return { before: `${all} |\n  `, data: '--data-binary @-' };
}

/** A body that a person can read, and a terminal and an argument can hold. */
function shortText(pieces: readonly ByteSource[]): string | null {
  if (!pieces.every((piece) => piece instanceof MemoryBytes)) return null;
  const bytes = Buffer.concat(pieces.map((piece) => piece.bytes));
  if (bytes.length > LONGEST_ARGUMENT) return null;
  const text = bytes.toString();
  const isPlain = !/[\u0000-\u001f\u007f-\u009f\ufffd]/.test(text);
  return isPlain && Buffer.from(text).equals(bytes) ? text : null;
}

function commandFor(piece: ByteSource): string {
  if (piece instanceof MemoryBytes) return `printf '${printfFormat(piece.bytes)}'`;
  if (piece instanceof FileSlice) return `cat ${quoted(pathOf(piece))}`;
  if (piece instanceof Base64Of && piece.source instanceof FileSlice) {
    return `base64 < ${quoted(pathOf(piece.source))} | tr -d '\\n'`;
  }
  throw new SoundpostError(
    'invalid_request',
    'A file that travels as samples can’t be written as a curl command. Copy the request as Python, or let the file travel as it is.',
  );
}

const pathOf = ({ path }: FileSlice): string => notAnOption(path);

/** Bytes as a format for `printf` between single quotes: letters as they are, all else octal. A dash first would be an option. */
function printfFormat(bytes: Uint8Array): string {
  let format = '';
  for (const [index, byte] of bytes.entries()) {
    const letter = String.fromCharCode(byte);
    const isPlain = byte >= 0x20 && byte < 0x7f && !/['%\\]/.test(letter);
    const isOption = index === 0 && letter === '-';
    format += isPlain && !isOption ? letter : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return format;
}
