import type { Flaw, OutputValue } from '../../electron/contract/run.ts';
import { plural } from '../parts/format.ts';

/** One value of a decoded answer, as a row of the tree. */
export type Shown = Container | Leaf;

/** A value that opens. */
export type Container = {
  kind: 'list' | 'map';
  count: number;
  children: (from: number, to: number) => Child[];
  /** Of a numpy array: what it is, its first values, the part it became, and how many values came but are not told. */
  array?: { type: string; first: string; part: string | null; untold: number };
};

type Leaf =
  | { kind: 'bytes'; length: number; part: string | null }
  | { kind: 'text'; text: string; note: string }
  | { kind: 'plain'; text: string; note: string };

/** `step` is what a flaw's place calls it by. */
type Child = { name: string; value: OutputValue; step: string | number };

type Form = { [key: string]: OutputValue };

/** How a value is shown. Children are made only when asked for: a model decides how many there are. */
export function show(value: OutputValue): Shown {
  if (typeof value === 'string') return { kind: 'text', text: value, note: textNote(value) };
  if (value === null || typeof value !== 'object') return plain(String(value), '');
  if (Array.isArray(value)) return list(value);
  return typeof value['$type'] === 'string' ? tagged(value['$type'], value) : map(value);
}

/** Whether a value opens, and has something inside. */
export function isContainer(shown: Shown): shown is Container {
  return shown.kind === 'list' || shown.kind === 'map';
}

/** The part that a value became: what is shown as a card of its own already. */
export function partOf(value: OutputValue | undefined): string | null {
  if (value === undefined) return null;
  const shown = show(value);
  if (isContainer(shown)) return shown.array?.part ?? null;
  return shown.kind === 'bytes' ? shown.part : null;
}

/** The flaws inside one child, seen from there. */
export function flawsWithin(flaws: Flaw[], step: string | number): Flaw[] {
  return flaws.flatMap(({ at: [first, ...rest], flaw }) =>
    first === step ? [{ at: rest, flaw }] : [],
  );
}

const plain = (text: string, note: string): Leaf => ({ kind: 'plain', text, note });

function list(values: OutputValue[], name: (index: number) => string = String): Container {
  const children = (from: number, to: number): Child[] =>
    values.slice(from, to).map((value, index) => {
      return { name: name(from + index), value, step: from + index };
    });
  return { kind: 'list', count: values.length, children };
}

function map(value: Form): Container {
  const entries = Object.entries(value);
  const children = (from: number, to: number): Child[] =>
    entries.slice(from, to).map(([name, item]) => ({ name, value: item, step: name }));
  return { kind: 'map', count: entries.length, children };
}

function mapOfEntries(entries: OutputValue[]): Container {
  const children = (from: number, to: number): Child[] =>
    entries.slice(from, to).map((entry, index) => ({ ...toEntry(entry), step: from + index }));
  return { kind: 'map', count: entries.length, children };
}

/** The forms that `OutputValue` tells of. Whatever else has a `$type` is shown as it is. */
function tagged(type: string, form: Form): Shown {
  const { length, part, entries, value, dtype = '', shape, values } = form;
  if (type === 'bytes' && typeof length === 'number') {
    return { kind: 'bytes', length, part: typeof part === 'string' ? part : null };
  }
  if (type === 'map' && Array.isArray(entries)) return mapOfEntries(entries);
  if (type === 'ndarray' && Array.isArray(shape) && Array.isArray(values)) {
    return array(form, shape.map(Number), values);
  }
  if (type === 'scalar' && value !== undefined) return plain(brief(value), dtypeName(dtype));
  if (type === 'opaque') return plain(word(form['what']), `opaque, ${word(length)} bytes`);
  if (type === 'complex' || type === 'timedelta') return plain(brief(form), type);
  return typeof value === 'string' ? plain(value, type) : map(form);
}

function array(form: Form, shape: number[], values: OutputValue[]): Container {
  const { dtype = '', part } = form;
  const count = shape.reduce((product, length) => product * length, 1);
  return {
    ...list(values, (flat) => indexIn(shape, flat)),
    array: {
      type: `${dtypeName(dtype)} [${shape.join(', ')}]`,
      first: values.slice(0, FEW).map(brief).join(', ') + (count > FEW ? ', …' : ''),
      part: typeof part === 'string' ? part : null,
      untold: count - values.length,
    },
  };
}

/** Where the n-th value in C order is: `1, 0`. */
function indexIn(shape: number[], flat: number): string {
  let rest = flat;
  const index = shape.toReversed().map((length) => {
    const at = rest % length;
    rest = (rest - at) / length;
    return at;
  });
  return index.reverse().join(', ');
}

/** A value in a few letters, for a line that shows several. */
function brief(value: OutputValue): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) {
    return `(${value.slice(0, FEW).map(brief).join(', ')}${value.length > FEW ? ', …' : ''})`;
  }
  switch (value['$type']) {
    case 'complex':
      return `${brief(value['re'] ?? 0)}${brief(value['im'] ?? 0).replace(/^(?!-)/, '+')}j`;
    case 'timedelta': {
      const seconds = Number(value['seconds']) + Number(value['microseconds']) / 1e6;
      return `${plural(Number(value['days']), 'day')} ${seconds} s`;
    }
    case 'bytes':
      return `${word(value['length'])} bytes`;
    default:
      return word(value['value']);
  }
}

function word(value: OutputValue | undefined): string {
  return value === undefined || (value !== null && typeof value === 'object') ? '…' : String(value);
}

/** numpy's own name of a dtype that it writes as `<f4`. */
function dtypeName(dtype: OutputValue): string {
  if (Array.isArray(dtype)) {
    const names = dtype.map((field) => (Array.isArray(field) ? word(field[0]) : ''));
    return `{${names.filter(Boolean).join(', ')}}`;
  }
  const text = word(dtype);
  const [, order, letter = '', bytes = ''] = /^([<>|=]?)([biufc])([0-9]+)$/.exec(text) ?? [];
  const kind = { b: 'bool', i: 'int', u: 'uint', f: 'float', c: 'complex' }[letter];
  if (kind === undefined) return text;
  const name = kind === 'bool' ? kind : `${kind}${Number(bytes) * 8}`;
  return order === '>' ? `${name} big-endian` : name;
}

function toEntry(entry: OutputValue): { name: string; value: OutputValue } {
  if (!Array.isArray(entry)) return { name: '', value: entry };
  const [key = null, value = null] = entry;
  return { name: typeof key === 'string' ? key : keyText(key), value };
}

function keyText(key: OutputValue): string {
  const shown = show(key);
  if (isContainer(shown)) return `${shown.kind} of ${shown.count}`;
  return shown.kind === 'bytes' ? `${shown.length} bytes` : shown.text;
}

const FEW = 8;

/** Text that would be read as something else says what it is. */
function textNote(text: string): string {
  if (text === '') return 'empty text';
  return /^\s*(-?\d[\d.eE+-]*|true|false|null)\s*$/.test(text) ? 'text' : '';
}
