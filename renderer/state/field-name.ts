/** A field's name in two: the maps that it lies in, and what it is called there, with the marks of a list. */
type FieldName = { within: string[]; last: string };

/** Splits `a[b][c]` into `a`, `b` and `c`. A name whose brackets don’t pair up stays whole. */
export function splitName(name: string): FieldName {
  const whole = name.trim();
  const [, root = '', places = ''] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(whole) ?? [];
  if (root === '') return { within: [], last: whole };
  const parts = [root];
  for (const [, place = ''] of places.matchAll(/\[([^[\]]*)\]/g)) {
    // A place in a list is no name of its own.
    if (/^\d*$/.test(place)) parts.push(`${parts.pop() ?? ''}[${place}]`);
    else parts.push(place);
  }
  return { within: parts.slice(0, -1), last: parts.at(-1) ?? whole };
}

/** The maps that fields lie in, said at the first of those that follow each other; empty at all others. */
export function headingsOf(names: readonly string[]): string[] {
  const paths = names.map((name) => splitName(name).within.join(' › '));
  return paths.map((path, at) => (path === paths[at - 1] ? '' : path));
}
