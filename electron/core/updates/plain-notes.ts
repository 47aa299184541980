/** Characters */
const LONGEST = 6000;

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** What a feed says of a version, as plain text: GitHub's gives HTML. */
export function plainNotes(notes: unknown): string {
  const text = Array.isArray(notes) ? notes.map(noteOf).join('\n\n') : noteOf(notes);
  const plain = text
    .replace(/<(script|style)\b[^]*?<\/\1\s*>/gi, '')
    .replace(/<li\b[^>]*>/gi, '\n• ')
    .replace(/<(?:br|\/?(?:p|div|ul|ol|h[1-6]|pre|blockquote|table|tr))\b[^>]*>/gi, '\n')
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (whole, name: string) => entityOf(name) ?? whole)
    .replace(/[\0-\x08\x0b-\x1f\x7f]/g, '')
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\n+(?=• )/g, '\n')
    .trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)} […]` : plain;
}

function noteOf(note: unknown): string {
  if (typeof note === 'string') return note;
  if (typeof note !== 'object' || note === null || !('note' in note)) return '';
  return typeof note.note === 'string' ? note.note : '';
}

function entityOf(name: string): string | undefined {
  if (!name.startsWith('#')) return entities[name.toLowerCase()];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
