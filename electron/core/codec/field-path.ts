import { invalidField } from './field-error.ts';
import { Dictionary, type Value } from './value.ts';

/** A step into a map by its key, or into a list by its index; null is the list's next place. */
type Step = string | number | null;

/** A place that later fields may still add to: a map by its keys, or a list by its indexes. */
class Branch {
  readonly isList: boolean;
  readonly children = new Map<string | number, Branch | Leaf>();

  constructor(isList: boolean) {
    this.isList = isList;
  }
}

/** A field's value in its place. */
class Leaf {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

/**
 * The map that fields make. A name says its place, as HTTPie writes it: `a[b][c]` nests maps, `a[]` appends to a list and
 * `a[0]` is a place in one. A name without brackets is a key as it stands, dots and all.
 * @throws SoundpostError `invalid_field` for brackets that don't pair up and for names that exclude each other
 */
export function nestFields(fields: readonly (readonly [name: string, value: Value])[]): Dictionary {
  const root = new Branch(false);
  for (const [name, value] of fields) {
    const [first, ...rest] = stepsOf(name);
    put(root, [first, ...rest], new Leaf(value), name);
  }
  const entries = [...root.children].map(([key, child]) => {
    return [key as string, finish(child, key as string)] as const;
  });
  return new Dictionary(entries);
}

function stepsOf(name: string): [Step, ...Step[]] {
  const [, base, brackets] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name) ?? [];
  if (base === undefined || brackets === undefined) {
    throw invalidField(
      name,
      'has brackets that don’t pair up. Write places in it like a[b][c], a[] or a[0]',
    );
  }
  const inner = [...brackets.matchAll(/\[([^\]]*)\]/g)].map(([, text = '']) => text);
  return [base, ...inner.map(stepOf)];
}

function stepOf(text: string): Step {
  if (text === '') return null;
  return /^(0|[1-9]\d{0,5})$/.test(text) ? Number(text) : text;
}

function put(branch: Branch, [step, ...rest]: [Step, ...Step[]], leaf: Leaf, name: string): void {
  if (branch.isList !== (typeof step !== 'string')) {
    throw invalidField(name, 'makes a map of what another field makes a list. Rename one of them');
  }
  const key = step ?? branch.children.size;
  const there = branch.children.get(key);
  const [next, ...others] = rest;
  if (next === undefined) {
    if (there) throw invalidField(name, 'stands there twice. Rename or remove one of them');
    branch.children.set(key, leaf);
    return;
  }
  if (there instanceof Leaf) {
    throw invalidField(
      name,
      'adds to what another field gives as a whole. Rename or remove one of them',
    );
  }
  const child = there ?? new Branch(typeof next !== 'string');
  branch.children.set(key, child);
  put(child, [next, ...others], leaf, name);
}

function finish(place: Branch | Leaf, name: string): Value {
  if (place instanceof Leaf) return place.value;
  const { children, isList } = place;
  if (!isList) {
    return new Dictionary(
      [...children].map(([key, child]) => [key as string, finish(child, `${name}[${key}]`)]),
    );
  }
  return Array.from({ length: children.size }, (_, index) => {
    const child = children.get(index);
    if (!child)
      throw invalidField(
        `${name}[${index}]`,
        'is missing: a list has no empty places. Count from 0',
      );
    return finish(child, `${name}[${index}]`);
  });
}
