import { eachLeaf } from '../codec/answer-parts.ts';
import { JsonError, readJson } from '../codec/json-read.ts';
import { Dictionary, type Value } from '../codec/value.ts';
import type { StreamEvent } from './event-stream.ts';

/** Where a text stands: under which path, in events of which type. */
export type Place = { path: string; type: string };

/** OpenAI's mark of the end, which is no event. */
export const isEndMark = ({ data }: StreamEvent): boolean => data.trim() === '[DONE]';

/** An event's data as JSON when it is a list or map, else as the text it is: a token `1` is a word. */
export function readEvent({ data }: StreamEvent): { value: Value; isCut: boolean } {
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

/** An event as it is shown: with its name, unless its data tells that too. */
export function named({ name }: StreamEvent, value: Value): Value {
  const type = value instanceof Dictionary ? value.get('type') : undefined;
  if (name === '' || name === type) return value;
  return new Dictionary([
    ['event', name],
    ['data', value],
  ]);
}

/** Visits every text in events, in order, with the number that it has among all their texts and bytes. */
export function eachText(
  events: Value[],
  visit: (text: string, place: Place, leaf: number) => void,
): void {
  eachLeaf(events, (item, at, leaf) => {
    if (typeof item !== 'string') return;
    const [, index = '0', path = ''] = /^\[(\d+)\]\.?(.*)$/s.exec(at) ?? [];
    visit(item, { path, type: typeOf(events[Number(index)]) }, leaf);
  });
}

/** The type that an event tells in its data, else its name. */
function typeOf(event: Value | undefined): string {
  if (!(event instanceof Dictionary)) return '';
  const name = event.get('event');
  const type = event.get('type') ?? (name === undefined ? undefined : typeOf(event.get('data')));
  return typeof type === 'string' && type !== '' ? type : typeof name === 'string' ? name : '';
}

/** Texts of one place belong together. */
export const keyOf = ({ path, type }: Place): string => `${type}\n${path}`;

/** The sample rate in Hz that an event tells; null when it tells none. */
export function saidRate(event: Value): number | null {
  if (!(event instanceof Dictionary)) return null;
  for (const key of ['sample_rate', 'sampling_rate', 'sr']) {
    const rate = event.get(key);
    if (typeof rate === 'number' && rate >= 1000 && rate <= 768_000) return rate;
  }
  const inside = event.get('event') === undefined ? undefined : event.get('data');
  return inside === undefined ? null : saidRate(inside);
}
