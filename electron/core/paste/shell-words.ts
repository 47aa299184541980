/** A word of a command line, or what stands between commands: `|`, `;`, `<`, `{` and so on. */
export type Token = { word: string } | { mark: string };

/**
 * The words of a command as a shell reads it. Variables and commands inside it are nobody's to run: they stay as written.
 * `isCmd` for that of Windows, else any POSIX shell's, with bash's `$'…'`. Never fails: an open quote ends with the text.
 */
export function shellTokens(text: string): Token[] {
  return isCmd(text) ? cmdTokens(text) : posixTokens(text);
}

/** Carets before a quote or a line's end are Windows'; POSIX shells use neither. */
const isCmd = (text: string): boolean => /\^"|\^\r?\n/.test(text);

const escapes: Record<string, string> = {
  ...{ n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', e: '\u001b', E: '\u001b', f: '\f' },
  ...{ v: '\v', '\\': '\\', "'": "'", '"': '"', '?': '?' },
};

function posixTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let word: string | null = null;
  let at = 0;
  const end = (): void => {
    if (word !== null) tokens.push(word === '{' || word === '}' ? { mark: word } : { word });
    word = null;
  };
  const add = (more: string): void => {
    word = (word ?? '') + more;
  };
  const isBegun = (): boolean => word !== null;
  while (at < text.length) {
    const rest = text.slice(at, at + 2);
    const letter = text[at] ?? '';
    if (rest === '\\\n') at += 2;
    else if (text.startsWith('\\\r\n', at)) at += 3;
    else if (letter === '\\') {
      add(text[at + 1] ?? '');
      at += 2;
    } else if (letter === "'") {
      const close = closing(text, at + 1);
      add(text.slice(at + 1, close));
      at = close + 1;
    } else if (rest === "$'") {
      const quoted = ansiQuoted(text, at + 2);
      add(quoted.text);
      at = quoted.end;
    } else if (letter === '"' || rest === '$"') {
      const quoted = doubleQuoted(text, at + (letter === '"' ? 1 : 2));
      add(quoted.text);
      at = quoted.end;
    } else if (/\s/.test(letter)) {
      end();
      if (letter === '\n') tokens.push({ mark: ';' });
      at += 1;
    } else if (letter === '#' && !isBegun()) {
      const line = text.indexOf('\n', at);
      at = line < 0 ? text.length : line;
    } else if (/[|&;<>()]/.test(letter)) {
      end();
      tokens.push({ mark: letter });
      at += 1;
    } else {
      add(letter);
      at += 1;
    }
  }
  end();
  return tokens;
}

function closing(text: string, from: number): number {
  const at = text.indexOf("'", from);
  return at < 0 ? text.length : at;
}

type Quoted = { text: string; end: number };

function doubleQuoted(text: string, from: number): Quoted {
  let inner = '';
  let at = from;
  for (; at < text.length && text[at] !== '"'; at += 1) {
    const next = text[at + 1];
    if (text[at] === '\\' && next !== undefined && /["\\$`\n]/.test(next)) {
      if (next !== '\n') inner += next;
      at += 1;
    } else inner += text[at] ?? '';
  }
  return { text: inner, end: at + 1 };
}

const numbered = /^(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3}))/;

/** `$'…'`: bytes that are no characters by themselves are gathered, since `\xc3\xa9` is one. */
function ansiQuoted(text: string, from: number): Quoted {
  const bytes: Uint8Array[] = [];
  let at = from;
  while (at < text.length && text[at] !== "'") {
    if (text[at] !== '\\') {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      bytes.push(Buffer.from(character));
      at += character.length;
      continue;
    }
    const found = numbered.exec(text.slice(at + 1, at + 10));
    if (found) {
      const [all, hex, short, long, octal] = found;
      const unicode = short ?? long;
      const code = unicode === undefined ? NaN : parseInt(unicode, 16);
      if (unicode === undefined) {
        bytes.push(
          Buffer.from([(hex === undefined ? parseInt(octal ?? '0', 8) : parseInt(hex, 16)) & 255]),
        );
      } else bytes.push(unitOf(code, text, at + 1 + all.length));
      at += 1 + all.length;
      // The second half of a pair was taken with the first.
      if (isHigh(code) && /^\\u[dD][c-fC-F]/.test(text.slice(at, at + 4))) at += 6;
    } else {
      const letter = text[at + 1] ?? '';
      bytes.push(Buffer.from(escapes[letter] ?? `\\${letter}`));
      at += 2;
    }
  }
  return { text: Buffer.concat(bytes).toString(), end: at + 1 };
}

const isHigh = (code: number): boolean => code >= 0xd800 && code < 0xdc00;

/** Browsers write characters beyond the first plane as two halves. */
function unitOf(code: number, text: string, next: number): Buffer {
  const [, low] = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(text.slice(next, next + 6)) ?? [];
  if (isHigh(code) && low !== undefined) {
    return Buffer.from(String.fromCharCode(code, parseInt(low, 16)));
  }
  return Buffer.from(code <= 0x10_ffff ? String.fromCodePoint(code) : '\ufffd');
}

/** First what the Windows command line takes away, then how a program there splits what is left. */
function cmdTokens(text: string): Token[] {
  const plain = withoutCarets(text);
  const tokens: Token[] = [];
  let word: string | null = null;
  let isQuoted = false;
  for (let at = 0; at < plain.length; at += 1) {
    const letter = plain[at] ?? '';
    const [slashes = ''] = /^\\*/.exec(plain.slice(at)) ?? [];
    if (slashes.length > 0 && plain[at + slashes.length] === '"') {
      // Backslashes before a quote: each pair is one, and an odd one makes the quote a letter.
      const isLetter = slashes.length % 2 === 1;
      word = (word ?? '') + '\\'.repeat(slashes.length >> 1) + (isLetter ? '"' : '');
      at += slashes.length - (isLetter ? 0 : 1);
    } else if (letter === '"') {
      if (isQuoted && plain[at + 1] === '"') {
        word = `${word ?? ''}"`;
        at += 1;
      } else {
        isQuoted = !isQuoted;
        word ??= '';
      }
    } else if (!isQuoted && /\s/.test(letter)) {
      if (word !== null) tokens.push({ word });
      word = null;
    } else word = (word ?? '') + letter;
  }
  if (word !== null) tokens.push({ word });
  return tokens;
}

function withoutCarets(text: string): string {
  let plain = '';
  let isQuoted = false;
  const lines = text.replaceAll('\r\n', '\n');
  for (let at = 0; at < lines.length; at += 1) {
    const letter = lines[at] ?? '';
    if (letter === '^' && !isQuoted) {
      const next = lines[at + 1] ?? '';
      // A caret takes away the line's end, and then guards the letter after it.
      plain += next === '\n' ? (lines[at + 2] === '\n' ? '\n' : '') : next;
      at += next === '\n' && lines[at + 2] === '\n' ? 2 : 1;
    } else {
      if (letter === '"') isQuoted = !isQuoted;
      plain += letter;
    }
  }
  return plain;
}
