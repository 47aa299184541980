import type { Intent } from '../../contract/intent.ts';
import type { PastedRequest } from '../../contract/pasted.ts';
import { isBasetenHost } from '../baseten/endpoint.ts';
import { parseKey } from '../keychain/parse-key.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { curlArguments, type CurlArguments } from './curl-arguments.ts';
import { pipedPieces } from './given-body.ts';
import { readAddress } from './read-address.ts';
import { readBody } from './read-body.ts';
import { shellTokens, type Token } from './shell-words.ts';

/** What was read, and the key in it, which goes to nobody but the keychain. */
type Read = Omit<PastedRequest, 'foundKey'> & { key?: string };

/**
 * Reads a predict URL or a curl command: of Baseten's documentation, of a browser, of our own. Nothing in it is run or
 * opened. Keys, cookies and logins are left out, and said so.
 * @throws SoundpostError `invalid_target`, `invalid_request`
 */
export async function readRequest(text: string): Promise<Read> {
  const tokens = shellTokens(text.trim());
  const at = tokens.findIndex((token) => 'word' in token && /^curl(?:\.exe)?$/i.test(token.word));
  if (at < 0) {
    const { target, notes } = readAddress(text);
    return { target, notes, files: [] };
  }
  const said = curlArguments(wordsFrom(tokens, at + 1));
  const { target, notes } = readAddress(said.url ?? '');
  const body = await readBody(said, pipedPieces(tokens.slice(0, at)));
  const { auth, key, note } = readAuthorization(said, target.kind === 'model' ? null : target.url);
  return {
    target,
    request: {
      ...{ auth, body: body.body, fields: body.fields },
      answer: streams(said, body.streams) ? 'stream' : 'auto',
      ...limitsOf(said),
    },
    files: body.files,
    notes: [...notes, ...note, ...body.notes, ...leftOut(said)],
    ...(key === undefined ? {} : { key }),
  };
}

/** To the end of the command. */
function wordsFrom(tokens: readonly Token[], start: number): string[] {
  const words: string[] = [];
  for (const token of tokens.slice(start)) {
    if (!('word' in token)) break;
    words.push(token.word);
  }
  return words;
}

type Authorization = { auth: Intent['auth']; key?: string; note: string[] };

/** `url` is null for a model of Baseten's. */
function readAuthorization({ headers }: CurlArguments, url: string | null): Authorization {
  const value = headers.findLast(([name]) => name === 'authorization')?.[1] ?? '';
  const [, scheme = '', rest = ''] = /^(Api-Key|Bearer)\s+(.*)$/is.exec(value) ?? [];
  if (value === '' && url !== null && !isBasetenHost(new URL(url)))
    return { auth: 'none', note: [] };
  const auth = scheme.toLowerCase() === 'bearer' ? 'bearer' : 'api-key';
  if (value === '' || isPlaceholder(rest)) return { auth, note: [] };
  const isBasetens = url === null || isBasetenHost(new URL(url)) || /^\w{8}\.\w{8,}$/.test(rest);
  const key = scheme !== '' && isBasetens ? keyIn(rest) : null;
  if (key !== null) return { auth, key, note: [] };
  return { auth, note: ['What the Authorization header held was left out.'] };
}

/** What documentation writes in a key's place: a variable, or words. */
const isPlaceholder = (text: string): boolean =>
  text === '' || /^["']?[$<{%[]|your|\.\.\.|…|x{4}/i.test(text);

function keyIn(text: string): string | null {
  try {
    return parseKey(text);
  } catch (error) {
    if (error instanceof SoundpostError) return null;
    throw error;
  }
}

function streams({ headers, streams: isUnbuffered }: CurlArguments, isAsked: boolean): boolean {
  const accepts = headers.some(([name, value]) => name === 'accept' && /event-stream/.test(value));
  return isUnbuffered || isAsked || accepts;
}

function limitsOf({ maxTime, connectTimeout }: CurlArguments) {
  const isTime = (seconds: number | undefined): seconds is number =>
    seconds !== undefined && seconds >= 0.001 && seconds <= 2_000_000;
  const limits = {
    ...(isTime(connectTimeout) ? { connect: connectTimeout } : {}),
    ...(isTime(maxTime) ? { total: maxTime } : {}),
  };
  return Object.keys(limits).length > 0 ? { limits } : {};
}

/** Headers that each program adds of itself, or that say what the form says already. */
const ordinary =
  /^(authorization|content-type|content-length|accept.*|user-agent|origin|referer|host|connection|cache-control|pragma|priority|dnt|te|expect|sec-.*|x-requested-with)$/;

function leftOut({ headers, hasCookie, hasLogin, unread, method }: CurlArguments): string[] {
  const others = [...new Set(headers.map(([name]) => name).filter((name) => !ordinary.test(name)))];
  return [
    ...(hasCookie ? ['Its cookies were left out.'] : []),
    ...(hasLogin ? ['Its login was left out.'] : []),
    ...(others.length > 0 ? [`Left out, as Soundpost sends none: ${others.join(', ')}.`] : []),
    ...(unread.length > 0 ? [`Not understood: ${unread.join(', ')}.`] : []),
    ...(method !== null && method !== 'POST'
      ? [`Soundpost sends POST, and the command ${method}.`]
      : []),
  ];
}
