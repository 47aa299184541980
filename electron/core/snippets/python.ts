import { Base64Of } from '../codec/base64.ts';
import { formParts, messageOf } from '../codec/request-body.ts';
import type { FormPart } from '../codec/multipart.ts';
import { FileSlice, Joined, type ByteSource } from '../files/byte-source.ts';
import { literal, pathOf, text, textOf, type Language } from './literal.ts';
import { samplesInPython } from './python-samples.ts';
import type { SnippetRequest } from './snippet-request.ts';

/** What a program needs besides its lines. */
type Needs = Set<'base64' | 'json' | 'Path' | 'msgpack' | 'numpy'>;

/**
 * A Python program that sends the same request with `requests`, and `msgpack` and `numpy` where the body needs them, and
 * writes the answer to standard output as it comes.
 * @throws SoundpostError `invalid_request` for samples that it can't make
 */
export async function pythonProgram(request: SnippetRequest): Promise<string> {
  const { url, keyAs } = request;
  const needs: Needs = new Set();
  const { before, contentType, options } = await bodyOf(request, needs);
  const headers = [
    ...(keyAs ? [`"Authorization": "${keyAs} " + os.environ["BASETEN_API_KEY"],`] : []),
    ...(contentType ? [`"Content-Type": ${text(contentType)},`] : []),
  ];
  const lines = [
    ...importsOf(needs, keyAs !== null),
    ...(needs.has('numpy') ? ['', '', ...trussArray] : []),
    '',
    ...(before === '' ? [] : [before, '']),
    'with requests.post(',
    `    ${text(url.href)},`,
    ...(headers.length > 0
      ? ['    headers={', ...headers.map((one) => `        ${one}`), '    },']
      : []),
    ...options.map((option) => `    ${option},`),
    '    allow_redirects=False,',
    '    stream=True,',
    ') as answer:',
    '    # To standard output, as it comes.',
    '    for piece in answer.iter_content(chunk_size=None):',
    '        sys.stdout.buffer.write(piece)',
    '        sys.stdout.buffer.flush()',
    '    if answer.status_code >= 300:',
    '        sys.exit(f"The server answered {answer.status_code} {answer.reason}.")',
  ];
  return lines.join('\n');
}

function importsOf(needs: Needs, hasKey: boolean): string[] {
  const packages = [
    ...(needs.has('msgpack') ? ['msgpack'] : []),
    ...(needs.has('numpy') ? ['numpy'] : []),
    'requests',
  ];
  return [
    `# Needs: pip install ${packages.join(' ')}`,
    ...(needs.has('base64') ? ['import base64'] : []),
    ...(needs.has('json') ? ['import json'] : []),
    ...(hasKey ? ['import os'] : []),
    'import sys',
    ...(needs.has('Path') ? ['from pathlib import Path'] : []),
    '',
    ...packages.map((name) => (name === 'numpy' ? 'import numpy as np' : `import ${name}`)),
  ];
}

const trussArray = [
  'def truss_array(items):',
  '    """An array as Truss reads it in msgpack."""',
  '    return {',
  '        b"nd": True,',
  '        b"type": items.dtype.str,',
  '        b"kind": b"",',
  '        b"shape": items.shape,',
  '        b"data": items.tobytes(),',
  '    }',
  '',
];

type Body = {
  /** What comes before the request is made. */
  before: string;
  /** Null where `requests` says it itself. */
  contentType: string | null;
  /** Arguments of `requests.post`. */
  options: string[];
};

async function bodyOf({ intent, body, openFile }: SnippetRequest, needs: Needs): Promise<Body> {
  const language = python(needs);
  const { contentType } = body;
  switch (intent.body) {
    case 'msgpack':
    case 'json': {
      const message = literal(await messageOf(intent.fields, intent.body, openFile), language);
      const isJson = intent.body === 'json';
      needs.add(isJson ? 'json' : 'msgpack');
      const data = isJson ? 'json.dumps(message)' : 'msgpack.packb(message)';
      return { before: `message = ${message}`, contentType, options: [`data=${data}`] };
    }
    case 'raw': {
      const [file] = body.pieces;
      const path = file instanceof FileSlice ? pathOf(file) : text('');
      return { before: '', contentType, options: [`data=open(${path}, "rb")`] };
    }
    case 'multipart': {
      const parts = await formParts(intent.fields, openFile);
      if (parts.length > 0 && parts.every(isPlain)) {
        const files = parts.map((part) => `    ${formEntry(part, language)},\n`).join('');
        return { before: `form = [\n${files}]`, contentType: null, options: ['files=form'] };
      }
      // `requests` would write these names otherwise.
      const pieces = body.pieces.map((piece) => `    ${bytesOf(piece, language)},\n`).join('');
      return { before: `form = b"".join([\n${pieces}])`, contentType, options: ['data=form'] };
    }
  }
}

const isPlain = ({ name, file }: FormPart): boolean =>
  !/[\\\u0000-\u001f]/.test(name + (file?.name ?? ''));

function formEntry({ name, content, file }: FormPart, language: Language): string {
  if (!file) return `(${text(name)}, (None, ${textOf(content, language)}))`;
  const path = content instanceof FileSlice ? pathOf(content) : text('');
  return `(${text(name)}, (${text(file.name)}, open(${path}, "rb"), ${text(file.mediaType)}))`;
}

function bytesOf(piece: ByteSource, language: Language): string {
  if (piece instanceof FileSlice) return language.fileBytes(pathOf(piece));
  const expression = textOf(piece, language);
  const isOne = !(piece instanceof Joined) && !(piece instanceof Base64Of);
  return isOne ? `${expression}.encode()` : `(${expression}).encode()`;
}

function python(needs: Needs): Language {
  const fileBytes = (path: string): string => {
    needs.add('Path');
    return `Path(${path}).read_bytes()`;
  };
  return {
    words: { null: 'None', true: 'True', false: 'False' },
    float: (value) => {
      if (!Number.isFinite(value)) return `float("${value}")`;
      if (Object.is(value, -0)) return '-0.0';
      return /[.e]/.test(String(value)) ? String(value) : `${value}.0`;
    },
    integer: (digits) => digits,
    key: (name) => `${text(name)}: `,
    fileBytes,
    fileBase64: (path) => {
      needs.add('base64');
      return `base64.b64encode(${fileBytes(path)}).decode()`;
    },
    array: (array) => {
      needs.add('numpy');
      return `truss_array(${samplesInPython(array)})`;
    },
  };
}
