import type { OutputValue } from '../../contract/run.ts';
import { kindOf } from '../audio/kind.ts';
import { MsgpackError } from '../codec/msgpack-error.ts';
import { readMsgpack } from '../codec/msgpack-read.ts';
import { toOutput } from '../codec/output.ts';
import type { SliceableBytes } from '../files/byte-source.ts';

/** What an error body may take of the screen and the memory. Bytes. */
const LONGEST_BODY = 64 * 1024;

export type ErrorWords = { words: string; saidCode?: string };

type Fields = { [key: string]: OutputValue };

/**
 * The words of an error answer in any form: Truss's and Baseten's JSON, FastAPI's lists, a chain's RemoteErrorDetail, a
 * bare JSON string, msgpack, a proxy's HTML or plain text. Empty when the body has none.
 */
export async function errorWords(body: SliceableBytes): Promise<ErrorWords> {
  const { media, label } = await kindOf(body);
  if (media === 'bytes') return msgpackWords(body);
  if (media !== 'text' && media !== 'json') return { words: `The answer is ${label}, not words.` };
  const text = new TextDecoder().decode(await body.read(0, LONGEST_BODY)).trim();
  if (/^<(!doctype|html|\?xml|head|body)/i.test(text)) return { words: htmlWords(text) };
  try {
    return valueWords(JSON.parse(text) as OutputValue, text);
  } catch {
    // Not JSON: proxies and models answer in their own forms.
    return { words: text };
  }
}

async function msgpackWords(body: SliceableBytes): Promise<ErrorWords> {
  if (body.size === 0 || body.size > LONGEST_BODY) return { words: '' };
  try {
    const { output } = await toOutput(await readMsgpack(body), { partAt: () => undefined });
    return valueWords(output, JSON.stringify(output));
  } catch (error) {
    if (error instanceof MsgpackError) return { words: '' };
    throw error;
  }
}

function valueWords(value: OutputValue, whole: string): ErrorWords {
  if (!isFields(value)) return { words: wordsOf(value) || whole };
  const found = ['error', 'detail', 'message', 'errors', 'msg']
    .map((key) => (value[key] === undefined ? '' : wordsOf(value[key])))
    .filter((words) => words !== '');
  const saidCode = value['error_code'];
  return {
    words: found.length > 0 ? [...new Set(found)].join('\n') : whole,
    ...(typeof saidCode === 'string' ? { saidCode } : {}),
  };
}

/** Any value of an error as lines to read. */
function wordsOf(value: OutputValue): string {
  if (value === null || value === false) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(wordsOf).filter(Boolean).join('\n');
  return chainError(value) ?? validation(value) ?? message(value) ?? JSON.stringify(value, null, 2);
}

/** A chain's error (truss_chains, RemoteErrorDetail), like a Python traceback. */
function chainError(value: Fields): string | null {
  const { exception_cls_name: name, exception_message: said, user_stack_trace: stack } = value;
  if (typeof name !== 'string') return null;
  const frames = Array.isArray(stack) ? stack.filter(isFields) : [];
  return [
    `${name}: ${plain(said)}`,
    ...frames.map(
      ({ filename, lineno, name: where, line }) =>
        `  ${plain(filename)}, line ${plain(lineno)}, in ${plain(where)}${line ? `: ${plain(line).trim()}` : ''}`,
    ),
  ].join('\n');
}

/** One entry of FastAPI's validation errors. */
function validation({ loc, msg }: Fields): string | null {
  if (!Array.isArray(loc) || typeof msg !== 'string') return null;
  return `${loc.map(plain).join('.')}: ${msg}`;
}

function message(value: Fields): string | null {
  const words = value['message'] ?? value['detail'] ?? value['msg'];
  return typeof words === 'string' && words !== '' ? words : null;
}

const plain = (value: OutputValue | undefined): string =>
  value === undefined || value === null || typeof value === 'object' ? '' : String(value);

const isFields = (value: OutputValue): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The title and the first words of a page. */
function htmlWords(html: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(html)?.[1]?.trim() ?? '';
  const body = html
    .replace(/<(script|style|head)\b[\s\S]*?(<\/\1>|$)/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500);
  return [title, body.startsWith(title) ? body.slice(title.length).trim() : body]
    .filter(Boolean)
    .join('\n');
}
