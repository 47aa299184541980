/** The index holds sequences of three letters; a shorter word is looked for in the texts themselves. */
const SHORTEST_INDEXED = 3;
const MOST_WORDS = 12;

/** Text as it is searched: without case, accents and the forms of one letter, so that `cafe` finds `CAFÉ`. */
export function searchForm(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/** The words of a query: those that the index can find, as a MATCH of FTS5, and those that are too short for it. */
export function searchTerms(query: string): { match: string | null; short: string[] } {
  const words = searchForm(query.replaceAll('\0', ' ')).split(' ').filter(Boolean);
  const terms = [...new Set(words)].slice(0, MOST_WORDS);
  const long = terms.filter((term) => Array.from(term).length >= SHORTEST_INDEXED);
  return {
    // Inside quotes nothing is a command but the quote itself.
    match:
      long.length === 0
        ? null
        : long.map((term) => `"${term.replaceAll('"', '""')}"`).join(' AND '),
    short: terms.filter((term) => !long.includes(term)),
  };
}
