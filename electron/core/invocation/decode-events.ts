import { HEAD_BYTES, type DescribedKind } from '../audio/kind.ts';
import { eachLeaf } from '../codec/answer-parts.ts';
import { MOST_VALUES } from '../codec/limits.ts';
import { outputWarnings } from '../codec/output-warnings.ts';
import { toOutput } from '../codec/output.ts';
import type { Value } from '../codec/value.ts';
import type { StoredPart } from '../runs/runs.ts';
import { areChainsFrames, ChainsFrames } from './chains-frames.ts';
import { eventsOf } from './event-start.ts';
import type { EventParser, StreamEvent } from './event-stream.ts';
import { eachText, isEndMark, keyOf, named, readEvent } from './event-values.ts';
import { joinSound, joinText, type Pieces } from './joined-events.ts';
import type { DecodedAnswer, Received } from './received.ts';
import { answerIsError, saidFailure } from './said-failure.ts';

const WINDOW_BYTES = 256 * 1024;
/** All texts of all events are held at once. */
const LARGEST_STREAM = 256 * 1024 * 1024;
const MOST_EVENTS = 100_000;

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
  const head = new TextDecoder().decode(await file.read(0, HEAD_BYTES));
  const parser = eventsOf(head, true, contentType);
  return parser === 'more' ? null : parser;
}

/**
 * A stream of events as one list, each event what its JSON says. Pieces of sound that come under one path become one
 * part, and words that do become the text.
 */
export async function decodeEvents(
  { file, folder, intent, heard }: Received,
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

  const pieces = piecesOf(read.values);
  const { parts, partAt, warnings } = await joinSound(pieces, {
    folder,
    pcm: intent.pcm,
    values: read.values,
    heard: heard?.from === 'events' ? heard : undefined,
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
      if (this.isFull || isEndMark(event)) continue;
      this.#add(event, readEvent(event).value);
    }
  }

  /** What was left when the stream ended: an event without its closing mark, perhaps without its end. */
  finish(events: StreamEvent[]): void {
    if (this.isFull) return;
    for (const event of events) {
      if (isEndMark(event)) continue;
      const { value, isCut } = readEvent(event);
      if (isCut) this.warnings.push('The stream ends inside an event, so it was cut short.');
      this.#add(event, value);
    }
  }

  #add(event: StreamEvent, value: Value): void {
    this.failure ??=
      saidFailure(value) ?? (event.name === 'error' ? wordsOf(value, event.data) : null);
    this.values.push(named(event, value));
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

/** The texts of all events, those together that come under one path in events of one type. */
function piecesOf(values: Value[]): Pieces[] {
  const groups = new Map<string, Pieces>();
  eachText(values, (text, place, leaf) => {
    const key = keyOf(place);
    const group = groups.get(key) ?? { ...place, texts: [], leaves: [] };
    group.texts.push(text);
    group.leaves.push(leaf);
    groups.set(key, group);
  });
  return [...groups.values()];
}
