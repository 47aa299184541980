import type { OutputValue } from '../../electron/contract/run.ts';

/** One value of a decoded answer, as a row of the tree. */
export type Shown =
  | { kind: 'list' | 'map'; count: number; children: (from: number, to: number) => Child[] }
  | { kind: 'bytes'; length: number; part: string | null }
  | { kind: 'text'; text: string; note: string }
  | { kind: 'plain'; text: string; note: string };

type Child = { name: string; value: OutputValue };

/** A value that opens. */
export type Container = Extract<Shown, { kind: 'list' | 'map' }>;

/** How a value is shown. Children are made only when asked for: a model decides how many there are. */
export function show(value: OutputValue): Shown {
  if (typeof value === 'string') return { kind: 'text', text: value, note: textNote(value) };
  if (value === null || typeof value !== 'object') {
    return { kind: 'plain', text: String(value), note: '' };
  }
  if (Array.isArray(value)) return list(value);
  return typeof value['$type'] === 'string'
    ? tagged(value['$type'], value)
    : map(Object.entries(value));
}

/** Whether a value opens, and has something inside. */
export function isContainer(shown: Shown): shown is Container {
  return shown.kind === 'list' || shown.kind === 'map';
}

/** The names of parts inside a value's own children: what is shown as a card of its own already. */
export function partOf(value: OutputValue | undefined): string | null {
  if (value === undefined) return null;
  const shown = show(value);
  return shown.kind === 'bytes' ? shown.part : null;
}

function list(values: OutputValue[]): Shown {
  const children = (from: number, to: number): Child[] =>
    values.slice(from, to).map((value, index) => ({ name: String(from + index), value }));
  return { kind: 'list', count: values.length, children };
}

function map(entries: [string, OutputValue][]): Shown {
  const children = (from: number, to: number): Child[] =>
    entries.slice(from, to).map(([name, value]) => ({ name, value }));
  return { kind: 'map', count: entries.length, children };
}

function tagged(type: string, value: { [key: string]: OutputValue }): Shown {
  const { length, part, entries, value: inner } = value;
  if (type === 'bytes' && typeof length === 'number') {
    return { kind: 'bytes', length, part: typeof part === 'string' ? part : null };
  }
  if (typeof part === 'string') return { kind: 'bytes', length: 0, part };
  if (type === 'map' && Array.isArray(entries)) return map(entries.map(toEntry));
  if (inner !== undefined && (inner === null || typeof inner !== 'object')) {
    return { kind: 'plain', text: String(inner), note: type };
  }
  const rest = Object.entries(value).filter(([name]) => name !== '$type');
  if (rest.every(([, item]) => isFlat(item))) {
    const text = rest.map(([name, item]) => `${name} ${flat(item)}`).join(' · ');
    return { kind: 'plain', text, note: type };
  }
  return map(Object.entries(value));
}

function toEntry(entry: OutputValue): [string, OutputValue] {
  if (!Array.isArray(entry)) return ['', entry];
  const [key = null, value = null] = entry;
  return [typeof key === 'string' ? key : keyText(key), value];
}

function keyText(key: OutputValue): string {
  const shown = show(key);
  if (isContainer(shown)) return `${shown.kind} of ${shown.count}`;
  return shown.kind === 'bytes' ? `${shown.length} bytes` : shown.text;
}

const FEW = 8;

function isFlat(value: OutputValue): boolean {
  if (value === null || typeof value !== 'object') return true;
  return Array.isArray(value) && value.every((item) => item === null || typeof item !== 'object');
}

function flat(value: OutputValue): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (!Array.isArray(value)) return '…';
  return `[${value.slice(0, FEW).map(String).join(', ')}${value.length > FEW ? ', …' : ''}]`;
}

/** Text that would be read as something else says what it is. */
function textNote(text: string): string {
  if (text === '') return 'empty text';
  return /^\s*(-?\d[\d.eE+-]*|true|false|null)\s*$/.test(text) ? 'text' : '';
}
