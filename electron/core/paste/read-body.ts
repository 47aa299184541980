import { posix, win32 } from 'node:path';
import type { PresetDraft, PresetField } from '../../contract/preset.ts';
import type { CurlArguments, GivenPart } from './curl-arguments.ts';
import { givenPieces, type Piece } from './given-body.ts';
import { messageFields } from './message-fields.ts';
import { marked, readJsonPieces, readMsgpackPieces } from './message-pieces.ts';
import { isSecretName } from './read-address.ts';

type ReadBody = Pick<PresetDraft, 'body' | 'fields'> & {
  /** Names of files to be handed over. */
  files: string[];
  notes: string[];
  /** The body itself asks for a stream. */
  streams: boolean;
};

/** What a command sends, as a form's body and fields. `input` is what comes through a pipe; null when it is not understood. */
export async function readBody(said: CurlArguments, input: Piece[] | null): Promise<ReadBody> {
  const type = contentType(said);
  if (said.form.length > 0) return formBody(said.form);
  const pieces = givenPieces(said.data, input);
  if (!pieces) return noFields(type, 'What comes through the pipe was not understood.');
  if (pieces.length === 0) return finished('json', [], [], said.data.length > 0 ? [] : noBody);
  const files = pieces.flatMap((piece) => ('file' in piece ? [piece.file] : []));
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/i.exec(type)?.[1];
  if (boundary !== undefined) return formBody(partsOf(pieces, boundary));
  const [only] = pieces;
  const isOneFile = pieces.length === 1 && only !== undefined && 'file' in only;
  if (isOneFile && !/json|urlencoded/.test(type)) {
    return finished('raw', [{ name: '', type: 'file', takesDrop: true }], files);
  }
  if (isOneFile) {
    return noFields(type, `The fields are in ${nameOf(only.file)}, which is not opened.`);
  }
  const json = /octet-stream|msgpack/.test(type) ? null : readJsonPieces(pieces);
  if (json) return finished('json', messageFields(json, 'json'), files);
  if (/urlencoded/.test(type)) return urlEncoded(pieces);
  const message = await readMsgpackPieces(pieces);
  if (message) return finished('msgpack', messageFields(message, 'msgpack'), files);
  return noFields(type, 'The command’s body was not understood.');
}

const noBody = ['The command sends no body: fill in the fields.'];

/** As curl itself says it, when nothing else does. */
function contentType({ headers, isJson }: CurlArguments): string {
  const said = headers.findLast(([name]) => name === 'content-type')?.[1];
  return (said ?? (isJson ? 'application/json' : 'application/x-www-form-urlencoded')).trim();
}

function noFields(type: string, why: string): ReadBody {
  const body = /octet-stream|msgpack/.test(type) ? 'msgpack' : 'json';
  return finished(body, [], [], [`${why} Fill in the fields by hand.`]);
}

function formBody(form: readonly GivenPart[]): ReadBody {
  const fields = form.map((part): PresetField =>
    'text' in part
      ? { name: part.name, type: 'text', text: part.text }
      : { name: part.name, type: 'file', ...travelOf(part) },
  );
  const files = form.flatMap((part) => ('file' in part ? [part.file] : []));
  return finished('multipart', fields, files);
}

const travelOf = ({ as = 'bytes' }: { as?: 'bytes' | 'base64' | 'data-uri' }) =>
  as === 'bytes' ? {} : { travel: { as } };

/** The parts of a form that was written out. */
function partsOf(pieces: readonly Piece[], boundary: string): GivenPart[] {
  const { bytes, fileIn } = marked(pieces);
  const parts = bytes.toString().split(`--${boundary}`).slice(1, -1);
  return parts.flatMap((part): GivenPart[] => {
    const [head = '', ...rest] = part.replace(/^\r\n/, '').replace(/\r\n$/, '').split('\r\n\r\n');
    const [, name] = /name="([^"]*)"/i.exec(head) ?? [];
    if (name === undefined) return [];
    const text = rest.join('\r\n\r\n');
    const plain = name.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
    return [{ name: plain, ...(fileIn(text) ?? { text }) }];
  });
}

function urlEncoded(pieces: readonly Piece[]): ReadBody {
  const { bytes } = marked(pieces.filter((piece) => 'bytes' in piece));
  const fields = [...new URLSearchParams(bytes.toString())].map(([name, text]): PresetField => ({
    name,
    type: 'text',
    text,
  }));
  return finished('multipart', fields, [], ['Its URL-encoded form is sent as multipart.']);
}

function finished(
  body: PresetDraft['body'],
  found: PresetField[],
  files: string[],
  notes: string[] = [],
): ReadBody {
  const secrets: string[] = [];
  const fields = found.slice(0, 256).map((field): PresetField => {
    if (field.type !== 'text' || !isSecretName(field.name) || field.text === '') return field;
    secrets.push(field.name);
    return { ...field, text: '' };
  });
  return {
    ...{ body, fields: withDrop(fields) },
    files: files.map(nameOf),
    notes: [
      ...notes,
      ...(secrets.length > 0
        ? [`What looks like a secret was left out: ${secrets.join(', ')}.`]
        : []),
    ],
    streams: found.some(
      (field) => field.type === 'switch' && /^stream(ing)?$/.test(field.name) && field.on,
    ),
  };
}

/** The first file is what is dropped. */
function withDrop(fields: PresetField[]): PresetField[] {
  const first = fields.find(({ type }) => type === 'file');
  return fields.map((field) =>
    field === first && field.type === 'file' ? { ...field, takesDrop: true } : field,
  );
}

/** The name of a file on whichever system the command was written for. */
const nameOf = (path: string): string => win32.basename(posix.basename(path));
