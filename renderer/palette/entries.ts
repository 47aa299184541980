import type { HistoryRow } from '../../electron/contract/history.ts';

/** One thing that can be chosen in the palette. */
export type Entry = {
  /** Stable, and no other's. */
  id: string;
  group: Group;
  title: string;
  /** What tells it from its neighbours; found by it too. */
  hint?: string;
  /** The keys that do the same, as people read them. */
  keys?: string;
  do: () => void;
};

const groups = [
  ...(['Recent', 'Presets', 'Actions', 'Recent files'] as const),
  ...(['Once and demo', 'Known models', 'Runs'] as const),
] as const;
type Group = (typeof groups)[number];

/** Entries in their groups, in the order they are shown. */
export type Listed = { group: Group; entries: Entry[] }[];

/** More of a group than these are found by writing more. */
const MOST = 20;

/** What is offered while nothing is written: what was chosen last, first. */
export function offered(entries: readonly Entry[], recent: readonly string[]): Listed {
  const last = recent.flatMap((id) => entries.find((entry) => entry.id === id) ?? []);
  const others = entries.filter(({ id }) => !recent.includes(id));
  return inGroups([...last.map((entry) => ({ ...entry, group: 'Recent' as const })), ...others]);
}

/** How near an entry is that is found by its hint: nearer than letters strewn over a title. */
const BY_HINT = 0.1;

type Means = {
  /** Ids of what was chosen last. */
  recent: readonly string[];
  /** How near words are to what was written; 0 when they are not. */
  score: (words: string, wanted: string) => number;
};

/** The entries whose title holds the letters of a text in its order, or whose hint its words: the nearest first, and the groups in the order of their nearest. */
export function found(entries: readonly Entry[], text: string, { recent, score }: Means): Listed {
  const wanted = text.trim();
  const words = wanted.toLowerCase().split(/\s+/);
  const scored = entries.flatMap((entry) => {
    const title = entry.title.toLowerCase();
    const isInTitle = holds(title, words.join(''));
    // Of a hint whole words alone: letters in order are found in any long line.
    const all = `${title} ${entry.hint?.toLowerCase() ?? ''}`;
    const isInAll = !isInTitle && words.every((word) => all.includes(word));
    const nearness = isInTitle ? score(entry.title, wanted) : isInAll ? BY_HINT : 0;
    const isRecent = recent.includes(entry.id);
    return nearness > 0 ? [{ entry, nearness: isRecent ? nearness * 1.2 : nearness }] : [];
  });
  return inGroups(
    scored.toSorted((a, b) => b.nearness - a.nearness).map(({ entry }) => entry),
    'as they come',
  );
}

/** Cheaper than a score, which most entries need not have. */
function holds(words: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = words.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function inGroups(entries: readonly Entry[], order: 'usual' | 'as they come' = 'usual'): Listed {
  const all = Map.groupBy(entries, ({ group }) => group);
  const names = order === 'usual' ? groups : [...all.keys()];
  return names.flatMap((group) => {
    const own = all.get(group)?.slice(0, MOST) ?? [];
    return own.length > 0 ? [{ group, entries: own }] : [];
  });
}

/** A run, as an entry that puts it back. */
export function runEntry(row: HistoryRow, when: string, open: () => void): Entry {
  const said = [row.inputs.join(', '), row.excerpt].filter(Boolean).join(' → ');
  return {
    ...{ id: `run:${row.runId}`, group: 'Runs' },
    title: row.preset?.name ?? row.model,
    hint: said === '' ? when : `${when} · ${said}`,
    do: open,
  };
}
