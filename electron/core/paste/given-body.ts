import type { Given } from './curl-arguments.ts';
import type { Token } from './shell-words.ts';

/** What a body is made of, in order. A file is named as the command has it. */
export type Piece = { bytes: Uint8Array } | { file: string; as: 'bytes' | 'base64' };

/** The pieces of a body from `-d` and the like; `input` is what comes through a pipe, null when that is not understood. */
export function givenPieces(data: readonly Given[], input: Piece[] | null): Piece[] | null {
  const pieces: Piece[] = [];
  for (const [index, each] of data.entries()) {
    if (index > 0) pieces.push({ bytes: Buffer.from('&') });
    if ('text' in each) pieces.push({ bytes: Buffer.from(each.text) });
    else if (each.file !== '-') pieces.push({ file: each.file, as: 'bytes' });
    else if (input) pieces.push(...input);
    else return null;
  }
  return pieces;
}

/** What commands before a pipe write, of those that our own curl commands use. Null when another is among them. */
export function pipedPieces(tokens: readonly Token[]): Piece[] | null {
  const pieces: Piece[] = [];
  for (let at = 0; at < tokens.length;) {
    const [first, second, third] = [tokens[at], tokens[at + 1], tokens[at + 2]].map(spelt);
    if (first === 'printf' && second !== undefined) {
      const bytes = printed(second);
      if (!bytes) return null;
      pieces.push({ bytes });
      at += 2;
    } else if (first === 'cat' && second !== undefined) {
      pieces.push({ file: second, as: 'bytes' });
      at += 2;
    } else if (first === 'base64' && second === '<' && third !== undefined) {
      pieces.push({ file: third, as: 'base64' });
      at += 3;
      if (
        tokens
          .slice(at, at + 4)
          .map(spelt)
          .join(' ') === '| tr -d \\n'
      )
        at += 4;
    } else if (first !== undefined && /^[{};|]$/.test(first)) at += 1;
    else return null;
  }
  return pieces;
}

const spelt = (token: Token | undefined): string | undefined =>
  token && ('word' in token ? token.word : token.mark);

/** What `printf` makes of a format without values; null when it asks for some. */
function printed(format: string): Uint8Array | null {
  if (/%(?!%)/.test(format.replaceAll('%%', ''))) return null;
  const bytes: Uint8Array[] = [];
  const parts = /\\([0-7]{1,3})|\\x([0-9a-fA-F]{1,2})|\\(.)|%%|([^\\%]+)/gs;
  for (const [all, octal, hex, letter, plain] of format.matchAll(parts)) {
    if (octal !== undefined) bytes.push(Buffer.from([parseInt(octal, 8) & 255]));
    else if (hex !== undefined) bytes.push(Buffer.from([parseInt(hex, 16)]));
    else if (letter !== undefined) bytes.push(Buffer.from(escapes[letter] ?? all));
    else bytes.push(Buffer.from(plain ?? '%'));
  }
  return Buffer.concat(bytes);
}

const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
