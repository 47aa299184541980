import { JsonError, readJson } from '../codec/json-read.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { JsonLines, ServerSentEvents, type EventParser } from './event-stream.ts';
import { bareType } from './received.ts';

const WINDOW_BYTES = 256 * 1024;
/** Of a first line of JSON, in UTF-16 units: a minute of sound in base64. */
export const LONGEST_EVENT = 16 * 1024 * 1024;

/**
 * The parser that a text asks for by its type, or by how it begins: Truss sends a generator's events as octets. `text` is
 * its beginning; `more` while the rest could tell, and `isWhole` when no more of it is looked at.
 */
export function eventsOf(
  text: string,
  isWhole: boolean,
  contentType: string,
): EventParser | null | 'more' {
  const type = bareType(contentType);
  if (/^application\/(x-)?(ndjson|jsonl|jsonlines|json-lines|stream\+json)$/.test(type)) {
    return new JsonLines();
  }
  if (type === 'text/event-stream') return new ServerSentEvents();
  if (/^data:[\w.+-]+\/[\w.+-]+[;,]/.test(text)) return null;
  const hasFirstLine = /^(:.*|(event|id|retry):.*|data:.*)(\r\n|\n|\r)/.test(text);
  if (hasFirstLine && /(^|[\r\n])data:/.test(text)) return new ServerSentEvents();
  const couldBegin = [':', 'event:', 'id:', 'retry:', 'data:'].some((field) =>
    field.startsWith(text.slice(0, field.length)),
  );
  const [firstLine = ''] = text.split(/[\r\n]/, 1);
  const isFirstLine = firstLine === text || hasFirstLine;
  return !isWhole && couldBegin && isFirstLine ? 'more' : null;
}

/** Whether a line that begins a text is JSON, and so is none of the lines of one message that stands on several. */
export function isJsonLine(line: string): boolean {
  try {
    readJson(line);
    return /^\s*[[{]/.test(line);
  } catch (error) {
    if (error instanceof JsonError) return false;
    throw error;
  }
}

/** Whether a text's first line is JSON and another one follows. */
export async function areJsonLines(file: ByteSource): Promise<boolean> {
  const parser = new JsonLines();
  let lines: string[] = [];
  for (let at = 0; at < file.size && lines.length < 2; at += WINDOW_BYTES) {
    if (parser.held > LONGEST_EVENT) return false;
    const events = parser.push(await file.read(at, WINDOW_BYTES));
    lines = [...lines, ...events.map(({ data }) => data)].slice(0, 2);
  }
  lines.push(...parser.end().map(({ data }) => data));
  const [first = '', second = ''] = lines;
  return /^\s*[[{]/.test(second) && isJsonLine(first);
}
