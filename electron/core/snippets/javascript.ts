import { formParts, messageOf } from '../codec/request-body.ts';
import type { FormPart } from '../codec/multipart.ts';
import { Dictionary, Float, type Value } from '../codec/value.ts';
import { FileSlice, type ByteSource } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { literal, pathOf, text, textOf, type Language } from './literal.ts';
import type { SnippetRequest } from './snippet-request.ts';

/**
 * A module for Node 22 or newer that sends the same request with `fetch`, and `@msgpack/msgpack` where the body needs it,
 * and writes the answer to standard output as it comes.
 * @throws SoundpostError `invalid_request` for samples, which that package can't write as Truss reads them
 */
export async function javascriptProgram(request: SnippetRequest): Promise<string> {
  const { url, keyAs } = request;
  const { before, contentType, body, encodes = false } = await bodyOf(request);
  const headers = [
    ...(keyAs ? [`Authorization: \`${keyAs} \${process.env.BASETEN_API_KEY}\`,`] : []),
    ...(contentType ? [`"Content-Type": ${text(contentType)},`] : []),
  ];
  const readsFiles = `${before}${body}`.includes('await readFile(');
  const lines = [
    '// For Node 22 or newer; save it with the ending .mjs. Its fetch waits five minutes at most for an answer to begin.',
    ...(encodes ? ['// Needs: npm install @msgpack/msgpack'] : []),
    ...(readsFiles ? ['import { readFile } from "node:fs/promises";'] : []),
    ...(encodes ? ['import { encode } from "@msgpack/msgpack";'] : []),
    ...(readsFiles || encodes ? [''] : []),
    ...(before === '' ? [] : [before, '']),
    `const answer = await fetch(${text(url.href)}, {`,
    '    method: "POST",',
    ...(headers.length > 0
      ? ['    headers: {', ...headers.map((one) => `        ${one}`), '    },']
      : []),
    `    body: ${body},`,
    '    redirect: "manual",',
    '});',
    '// To standard output, as it comes.',
    'for await (const piece of answer.body ?? []) process.stdout.write(piece);',
    'if (!answer.ok) {',
    '    console.error(`The server answered ${answer.status} ${answer.statusText}.`);',
    '    process.exitCode = 1;',
    '}',
  ];
  return lines.join('\n');
}

type Body = {
  /** What comes before the request is made. */
  before: string;
  /** Null where `fetch` says it itself. */
  contentType: string | null;
  body: string;
  /** Whether it is msgpack. */
  encodes?: boolean;
};

async function bodyOf({ intent, body, openFile }: SnippetRequest): Promise<Body> {
  const { contentType, pieces } = body;
  switch (intent.body) {
    case 'msgpack': {
      const message = await messageOf(intent.fields, 'msgpack', openFile);
      // The package writes a number as a float where it is none, and BigInts as integers.
      const isExact = has(message, isUnusual);
      const before = `const message = ${literal(message, isExact ? exactMsgpack : plain)};`;
      const options = isExact ? ', { useBigInt64: true, forceIntegerToFloat: true }' : '';
      return { before, contentType, body: `encode(message${options})`, encodes: true };
    }
    case 'json': {
      const message = await messageOf(intent.fields, 'json', openFile);
      if (has(message, isNoJson)) return wholeBody(pieces, contentType);
      const before = `const message = ${literal(message, exactJson)};`;
      return { before, contentType, body: 'JSON.stringify(message)' };
    }
    case 'raw':
      return { before: '', contentType, body: pieces.map(bytesOf).join() };
    case 'multipart': {
      const parts = await formParts(intent.fields, openFile);
      // FormData would change line breaks.
      if (parts.length === 0 || !parts.every(isPlain)) return wholeBody(pieces, contentType);
      const entries = parts.map(formEntry);
      const before = ['const form = new FormData();', ...entries].join('\n');
      return { before, contentType: null, body: 'form' };
    }
  }
}

/** The body piece by piece. */
function wholeBody(pieces: readonly ByteSource[], contentType: string): Body {
  const all = pieces.map((piece) => `    ${bytesOf(piece)},\n`).join('');
  return { before: `const body = new Blob([\n${all}]);`, contentType, body: 'body' };
}

const bytesOf = (piece: ByteSource): string =>
  piece instanceof FileSlice ? plain.fileBytes(pathOf(piece)) : textOf(piece, plain);

const isPlain = ({ name, content, file }: FormPart): boolean =>
  !/[\r\n]/.test(name + (file?.name ?? '')) &&
  (content instanceof FileSlice || !/[\r\n]/.test(textIn(content)));

const textIn = (content: ByteSource): string =>
  'bytes' in content && content.bytes instanceof Uint8Array
    ? new TextDecoder().decode(content.bytes)
    : '';

function formEntry({ name, content, file }: FormPart): string {
  if (!file) return `form.append(${text(name)}, ${bytesOf(content)});`;
  const blob = `new Blob([${bytesOf(content)}], { type: ${text(file.mediaType)} })`;
  return `form.append(${text(name)}, ${blob}, ${text(file.name)});`;
}

/** Whether a message holds a value of some kind anywhere. */
function has(value: Value, test: (value: Value) => boolean): boolean {
  if (Array.isArray(value)) return value.some((item) => has(item, test));
  if (value instanceof Dictionary) return value.entries.some(([, item]) => has(item, test));
  return test(value);
}

const isWhole = (value: Float): boolean => Number.isSafeInteger(value.value);

/** What `encode` would write as another kind of number. */
const isUnusual = (value: Value): boolean =>
  typeof value === 'bigint' || (value instanceof Float && isWhole(value));

const isNoJson = (value: Value): boolean => value instanceof Float && !Number.isFinite(value.value);

const number = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

const plain: Language = {
  words: { null: 'null', true: 'true', false: 'false' },
  float: number,
  integer: (digits) => digits,
  // A literal's plain `__proto__` would be no key.
  key: (name) => (name === '__proto__' ? `["__proto__"]: ` : `${text(name)}: `),
  fileBytes: (path) => `await readFile(${path})`,
  fileBase64: (path) => `await readFile(${path}, "base64")`,
  array: () => {
    throw new SoundpostError(
      'invalid_request',
      'A file that travels as samples can’t be written in JavaScript, whose msgpack package makes no arrays that Truss reads. Copy the request as Python, or let the file travel as it is.',
    );
  },
};

const exactMsgpack: Language = { ...plain, integer: (digits) => `${digits}n` };

/** What JavaScript would write otherwise is written as it is: 1.0, and integers beyond 2^53. */
const exactJson: Language = {
  ...plain,
  float: (value) => {
    const digits = number(value);
    return /[.e]/.test(digits) ? digits : `JSON.rawJSON("${digits}.0")`;
  },
  integer: (digits) =>
    Number.isSafeInteger(Number(digits)) ? digits : `JSON.rawJSON("${digits}")`,
};
