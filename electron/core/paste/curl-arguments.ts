/** One thing that a command gives as the body. `file` is named as the command has it, and never opened. */
export type Given = { text: string } | { file: string };

/** One part of a form. */
export type GivenPart = { name: string } & (
  { text: string } | { file: string; as?: 'bytes' | 'base64' | 'data-uri' }
);

/** What a curl command says, as far as it matters to a request. */
export type CurlArguments = {
  url: string | null;
  method: string | null;
  /** Names in lower case. */
  headers: [name: string, value: string][];
  data: Given[];
  /** Set by `--json`. */
  isJson: boolean;
  form: GivenPart[];
  /** Of `-u` and `-b`: what is left out, and said so. */
  hasLogin: boolean;
  hasCookie: boolean;
  /** What comes is written at once. */
  streams: boolean;
  /** seconds */
  maxTime?: number;
  connectTimeout?: number;
  /** Options that change the request in a way that is not understood. */
  unread: string[];
};

const short: Record<string, string> = {
  ...{ X: 'request', H: 'header', d: 'data', F: 'form', u: 'user', A: 'user-agent' },
  ...{ b: 'cookie', c: 'cookie-jar', e: 'referer', o: 'output', m: 'max-time', x: 'proxy' },
  ...{ w: 'write-out', K: 'config', D: 'dump-header', r: 'range', E: 'cert', T: 'upload-file' },
  ...{ C: 'continue-at', Y: 'speed-limit', y: 'speed-time', z: 'time-cond', N: 'no-buffer' },
  G: 'get',
};

/** Options that have a value, which is not the address. */
const valued = new Set([
  ...['request', 'header', 'data', 'data-raw', 'data-binary', 'data-ascii', 'data-urlencode'],
  ...['json', 'form', 'form-string', 'url', 'user', 'user-agent', 'cookie', 'cookie-jar'],
  ...['referer', 'output', 'max-time', 'connect-timeout', 'retry', 'retry-delay', 'proxy'],
  ...['retry-max-time', 'cacert', 'capath', 'cert', 'cert-type', 'key', 'key-type', 'pass'],
  ...['upload-file', 'write-out', 'resolve', 'connect-to', 'oauth2-bearer', 'url-query'],
  ...['limit-rate', 'interface', 'config', 'dump-header', 'range', 'proxy-user', 'ciphers'],
  ...['max-redirs', 'max-filesize', 'speed-limit', 'speed-time', 'time-cond', 'aws-sigv4'],
  ...['continue-at', 'proto', 'trace', 'trace-ascii', 'stderr', 'unix-socket', 'keepalive-time'],
]);

/** Reads the words after `curl`. */
export function curlArguments(words: readonly string[]): CurlArguments {
  const said: CurlArguments = {
    ...{ url: null, method: null, headers: [], data: [], isJson: false, form: [] },
    ...{ hasLogin: false, hasCookie: false, streams: false, unread: [] },
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word.startsWith('--') && word.length > 2) {
      const name = word.slice(2);
      take(said, name, valued.has(name) ? (words[(at += 1)] ?? '') : null);
    } else if (/^-[^-]/.test(word)) {
      for (let letter = 1; letter < word.length; letter += 1) {
        const name = short[word[letter] ?? ''] ?? '';
        if (!valued.has(name)) take(said, name, null);
        else {
          const attached = word.slice(letter + 1);
          take(said, name, attached === '' ? (words[(at += 1)] ?? '') : attached);
          break;
        }
      }
    } else said.url ??= word;
  }
  return said;
}

function take(said: CurlArguments, name: string, value: string | null): void {
  const text = value ?? '';
  switch (name) {
    case 'url':
      said.url = text;
      break;
    case 'request':
      said.method = text.toUpperCase();
      break;
    case 'header':
      takeHeader(said, text);
      break;
    case 'user-agent':
    case 'referer':
      break;
    case 'data':
    case 'data-ascii':
    case 'data-binary':
      said.data.push(given(text));
      break;
    case 'data-raw':
      said.data.push({ text });
      break;
    case 'json':
      said.isJson = true;
      said.data.push(given(text));
      break;
    case 'form':
    case 'form-string':
      takePart(said, text, name === 'form');
      break;
    case 'oauth2-bearer':
      said.headers.push(['authorization', `Bearer ${text}`]);
      break;
    case 'user':
      said.hasLogin = true;
      break;
    case 'cookie':
      said.hasCookie = true;
      break;
    case 'no-buffer':
      said.streams = true;
      break;
    case 'max-time':
      said.maxTime = Number(text);
      break;
    case 'connect-timeout':
      said.connectTimeout = Number(text);
      break;
    case 'data-urlencode':
    case 'get':
    case 'upload-file':
    case 'url-query':
    case 'config':
      said.unread.push(`--${name}`);
      break;
  }
}

const given = (text: string): Given => (text.startsWith('@') ? { file: text.slice(1) } : { text });

function takeHeader(said: CurlArguments, text: string): void {
  const [, name, value] = /^([^:;]+)[:;]\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) return;
  if (name.toLowerCase() === 'cookie') said.hasCookie = true;
  else said.headers.push([name.trim().toLowerCase(), value.trim()]);
}

/** `name=words`, or `name=@path;type=…`; quotes around a path are curl's own. */
function takePart(said: CurlArguments, text: string, readsFiles: boolean): void {
  const equals = text.indexOf('=');
  if (equals < 0) return;
  const name = text.slice(0, equals);
  const value = text.slice(equals + 1);
  if (!readsFiles || !/^[@<]/.test(value)) {
    said.form.push({ name, text: value });
    return;
  }
  if (value.startsWith('<')) said.unread.push(`-F ${name}=<…`);
  else {
    const [, quoted, bare = ''] = /^@(?:"((?:[^"\\]|\\.)*)"|([^;]*))/s.exec(value) ?? [];
    said.form.push({ name, file: quoted?.replace(/\\(.)/gs, '$1') ?? bare });
  }
}
