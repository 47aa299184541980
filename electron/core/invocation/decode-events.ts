import type { DescribedKind } from '../audio/kind.ts';
import { eachLeaf } from '../codec/answer-parts.ts';
import { JsonError, readJson } from '../codec/json-read.ts';
import { MOST_VALUES } from '../codec/limits.ts';
import { outputWarnings } from '../codec/output-warnings.ts';
import { toOutput } from '../codec/output.ts';
import { Dictionary, type Value } from '../codec/value.ts';
import type { StoredPart } from '../runs/runs.ts';
import { areChainsFrames, ChainsFrames } from './chains-frames.ts';
import { JsonLines, ServerSentEvents, type EventParser, type StreamEvent } from './event-stream.ts';
import { joinSound, joinText, type Pieces } from './joined-events.ts';
import { bareType, type DecodedAnswer, type Received } from './received.ts';
import { answerIsError, saidFailure } from './said-failure.ts';

const WINDOW_BYTES = 256 * 1024;
/** All texts of all events are held at once. */
const LARGEST_STREAM = 256 * 1024 * 1024;
const MOST_EVENTS = 100_000;
const HEAD_BYTES = 4096;

/**
 * The parser that a text answer asks for by its type, or by how it begins: Truss sends a generator's events as octets. Of
 * other bytes only a chain's frames are events.
 */
export async function eventParser(
  { file, contentType }: Received,
  { media }: DescribedKind,
): Promise<EventParser | null> {
  if (media === 'bytes') return (await areChainsFrames(file)) ? new ChainsFrames() : null;
  if (media !== 'text' && media !== 'json') return null;
  const type = bareType(contentType);
  if (/^application\/(x-)?(ndjson|jsonl|jsonlines|json-lines|stream\+json)$/.test(type)) {
    return new JsonLines();
  }
  if (type === 'text/event-stream') return new ServerSentEvents();
  const head = new TextDecoder().decode(await file.read(0, HEAD_BYTES));
  const isDataUri = /^data:[\w.+-]+\/[\w.+-]+[;,]/.test(head);
  const looksLikeEvents =
    /^(:.*|(event|id|retry):.*|data:.*)(\r\n|\n|\r)/.test(head) && /(^|[\r\n])data:/.test(head);
  return looksLikeEvents && !isDataUri ? new ServerSentEvents() : null;
}

/**
 * A stream of events as one list, each event what its JSON says. Pieces of sound that come under one path become one
 * part, and words that do become the text.
 */
export async function decodeEvents(
  { file, folder, intent }: Received,
  { mediaType, ...kind }: DescribedKind,
  parser: EventParser,
): Promise<DecodedAnswer> {
  const whole: StoredPart = { name: 'answer', kind, mediaType, source: file };
  if (file.size > LARGEST_STREAM) {
    return {
      parts: [whole],
      warnings: ['The stream of events is too large to be taken apart. It is kept as it came.'],
    };
  }
  const read = new EventReader();
  for (let at = 0; at < file.size && !read.isFull; at += WINDOW_BYTES) {
    read.take(parser.push(await file.read(at, WINDOW_BYTES)));
  }
  read.finish(parser.end());

  const pieces = [...piecesOf(read.values).values()];
  const { parts, partAt, warnings } = await joinSound(pieces, {
    folder,
    pcm: intent.pcm,
    values: read.values,
  });
  const text = joinText(pieces.filter(({ leaves: [first = -1] }) => !partAt.has(first)));
  const output = await toOutput(read.values, { partAt: (leaf) => partAt.get(leaf) });
  return {
    parts: parts.length > 0 ? parts : [whole],
    ...output,
    ...(text === null ? {} : { text }),
    warnings: [...read.warnings, ...outputWarnings(output), ...warnings],
    ...(read.failure === null ? {} : { failure: answerIsError(read.failure) }),
  };
}

class EventReader {
  readonly values: Value[] = [];
  readonly warnings: string[] = [];
  failure: string | null = null;
  isFull = false;
  #leaves = 0;

  take(events: StreamEvent[]): void {
    for (const event of events) {
      // OpenAI's mark of the end.
      if (this.isFull || event.data.trim() === '[DONE]') continue;
      this.#add(event, toValue(event.data).value);
    }
  }

  /** What was left when the stream ended: an event without its closing mark, perhaps without its end. */
  finish(events: StreamEvent[]): void {
    if (this.isFull) return;
    for (const event of events) {
      if (event.data.trim() === '[DONE]') continue;
      const { value, isCut } = toValue(event.data);
      if (isCut) this.warnings.push('The stream ends inside an event, so it was cut short.');
      this.#add(event, value);
    }
  }

  #add({ name, data }: StreamEvent, value: Value): void {
    const type = value instanceof Dictionary ? value.get('type') : undefined;
    this.failure ??= saidFailure(value) ?? (name === 'error' ? wordsOf(value, data) : null);
    this.values.push(
      name === '' || name === type
        ? value
        : new Dictionary([
            ['event', name],
            ['data', value],
          ]),
    );
    eachLeaf(value, () => (this.#leaves += 1));
    if (this.values.length < MOST_EVENTS && this.#leaves < MOST_VALUES) return;
    this.isFull = true;
    this.warnings.push(
      `The stream has more than ${this.values.length} events. Those after them are kept, but not shown.`,
    );
  }
}

const wordsOf = (value: Value, data: string): string =>
  typeof value === 'string' ? value : data.trim();

/** An event's data as JSON when it is a list or map, else as the text it is: a token `1` is a word. */
function toValue(data: string): { value: Value; isCut: boolean } {
  if (!/^\s*[[{"]/.test(data)) return { value: data, isCut: false };
  try {
    return { value: readJson(data), isCut: false };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (!error.isCut) return { value: data, isCut: false };
  }
  try {
    return { value: readJson(data, { keepCut: true }), isCut: true };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { value: data, isCut: true };
  }
}

/** The texts of all events, those together that come under one path in events of one type. */
function piecesOf(values: Value[]): Map<string, Pieces> {
  const groups = new Map<string, Pieces>();
  eachLeaf(values, (item, path, leaf) => {
    if (typeof item !== 'string') return;
    const [, index = '0', inside = ''] = /^\[(\d+)\]\.?(.*)$/s.exec(path) ?? [];
    const event = values[Number(index)];
    const type = event instanceof Dictionary ? (event.get('type') ?? event.get('event')) : '';
    const name = typeof type === 'string' ? type : '';
    const key = `${name}\n${inside}`;
    const group = groups.get(key) ?? { path: inside, type: name, texts: [], leaves: [] };
    group.texts.push(item);
    group.leaves.push(leaf);
    groups.set(key, group);
  });
  return groups;
}
