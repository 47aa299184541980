/** Characters, as the contract has it. */
const LONGEST = 100;

/** Names that a person would take for the same. */
export const sameName = (one: string, other: string): boolean => folded(one) === folded(other);

/** The name, or `Name 2`, `Name 3`, … when it is taken. */
export function unusedName(name: string, taken: readonly string[], longest = LONGEST): string {
  const used = new Set(taken.map(folded));
  if (!used.has(folded(name))) return name;
  const base = name.replace(/ \d{1,6}$/, '');
  for (let number = 2; ; number += 1) {
    const end = ` ${number}`;
    const candidate = `${base.slice(0, longest - end.length).trimEnd()}${end}`;
    if (!used.has(folded(candidate))) return candidate;
  }
}

const folded = (name: string): string => name.normalize('NFKC').toLowerCase();
