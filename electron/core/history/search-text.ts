import { createHash } from 'node:crypto';
import type { HistoryQuery, HistoryRow } from '../../contract/history.ts';

/** The index holds sequences of up to so many letters; whether a longer word is there is then seen in the text itself. */
const LONGEST_INDEXED = 3;
const MOST_WORDS = 12;
/** Letters of a long word whose sequences are looked for: hardly a run has all these by chance. */
const MOST_LETTERS = 26;

/** Text as it is searched: without case, accents and the forms of one letter, so that `cafe` finds `CAFÉ`. */
export function searchForm(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** What of a row a search can be narrowed by. */
export type Facets = {
  [Name in 'model' | 'preset' | 'state' | 'starred']?: HistoryQuery[Name] | undefined;
};

export const facetsOf = ({ model, preset, state, star }: HistoryRow): Facets => ({
  ...{ model, preset: preset?.id, state, starred: star || undefined },
});

/**
 * What the search index holds of a run, as words for FTS5: each sequence of one, two and three letters in its text (in
 * the form that is searched), and what it can be narrowed by.
 */
export function indexedWords(text: string, facets: Facets): string {
  const grams = new Set<string>();
  for (const word of text.split(' ')) {
    const letters = Array.from(word);
    for (let at = 0; at < letters.length; at += 1) {
      let gram = '';
      for (const letter of letters.slice(at, at + LONGEST_INDEXED)) grams.add((gram += letter));
    }
  }
  return [...grams, ...facetWords(facets)].join(' ');
}

/** A search for words, as a MATCH of FTS5, and those words that must then be looked for in the texts; null without words. */
export function searchTerms(
  query: string,
  facets: Facets,
): { match: string; long: string[] } | null {
  const words = searchForm(query).split(' ').filter(Boolean);
  const terms = [...new Set(words)].slice(0, MOST_WORDS);
  if (terms.length === 0) return null;
  const grams = new Set([...terms.flatMap(gramsOfTerm), ...facetWords(facets)]);
  return {
    // Inside quotes nothing is a command but the quote itself.
    match: [...grams].map((gram) => `"${gram.replaceAll('"', '""')}"`).join(' AND '),
    long: terms.filter((term) => Array.from(term).length > LONGEST_INDEXED),
  };
}

function gramsOfTerm(term: string): string[] {
  const letters = Array.from(term).slice(0, MOST_LETTERS);
  const last = Math.max(0, letters.length - LONGEST_INDEXED);
  return letters
    .slice(0, last + 1)
    .map((_, at) => letters.slice(at, at + LONGEST_INDEXED).join(''));
}

/** Longer than any sequence of letters, so that none is taken for another. FTS5 knows no case, and these have one. */
function facetWords(facets: Facets): string[] {
  return Object.entries(facets).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}:${shortHash(String(value))}`],
  );
}

const shortHash = (value: string): string =>
  createHash('sha256').update(value).digest('hex').slice(0, 20);
