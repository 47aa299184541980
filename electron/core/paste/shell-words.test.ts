import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellWord } from '../snippets/shell-quote.ts';
import { shellTokens } from './shell-words.ts';

const words = (text: string): string[] =>
  shellTokens(text).flatMap((token) => ('word' in token ? [token.word] : []));

/** Without NUL, which no shell's word can hold, and halves of characters, which are no text. */
const anyText = fc
  .string({ unit: 'binary' })
  .filter((text) => !text.includes('\0') && text.isWellFormed());

describe('the words of a command', () => {
  it('are those that were quoted, whatever they hold', () => {
    const quotings: ((text: string) => string)[] = [
      shellWord,
      (text) => `"${text.replace(/["\\$`]/g, '\\$&')}"`,
      (text) => `$'${text.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n')}'`,
      (text) =>
        `$'${[...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`,
    ];
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText, fc.nat(3)), { maxLength: 5 }), (texts) => {
        const line = texts.map(([text, how]) => quotings[how]?.(text)).join(' \\\n  ');
        // Carets at the end of a line are another system's.
        fc.pre(!/\^["\n\r]/.test(line));
        expect(words(line)).toEqual(texts.map(([text]) => text));
      }),
    );
  });

  it('are what bash makes of them', async () => {
    const lines = [
      `a"b c"'d e'f\\ g "x\\"y\\\\z\\q" ''`,
      `$'it\\'s \\x41\\u00e9\\t\\101\\n' $"plain" -H'a: b'`,
      `"one \\\ntwo" three\\\nfour # a comment`,
      `'{"a": "it'\\''s"}' "\\$HOME \\\`x\\\`"`,
    ];
    for (const line of lines) {
      // In another locale bash leaves some characters as they were written.
      const env = { ...process.env, LC_ALL: 'C.UTF-8' };
      const script = `printf '%s\\0' ${line}`;
      const { stdout } = await promisify(execFile)('bash', ['-c', script], { env });
      expect(words(line)).toEqual(stdout.split('\0').slice(0, -1));
    }
  });

  it('end at what stands between commands', () => {
    expect(shellTokens('a | b; c < d\ne')).toEqual([
      ...[{ word: 'a' }, { mark: '|' }, { word: 'b' }, { mark: ';' }, { word: 'c' }],
      ...[{ mark: '<' }, { word: 'd' }, { mark: ';' }, { word: 'e' }],
    ]);
  });

  it('are those of Windows where carets stand before quotes or line ends', () => {
    expect(words('curl --location ^"https://a.b/?x=1^&y=2^" ^\r\n  -H ^"A: b^"')).toEqual([
      ...['curl', '--location', 'https://a.b/?x=1&y=2', '-H', 'A: b'],
    ]);
    expect(words('curl --data-raw ^"^{^\\^"a^\\^":^\\^"50^% ^\\^\\n^\n\nb^\\^"^}^"')).toEqual([
      ...['curl', '--data-raw', '{"a":"50% \\\\n\nb"}'.replace('\\\\n', '\\\\n')],
    ]);
    expect(words('curl -H "Accept: */*" ^\n --data "{""a"":1}"')).toEqual([
      ...['curl', '-H', 'Accept: */*', '--data', '{"a":1}'],
    ]);
  });
});
