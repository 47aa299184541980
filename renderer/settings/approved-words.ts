import type { KeptKey } from '../../electron/contract/key.ts';
import type { ApprovedHost, KeyMark } from '../../electron/contract/settings.ts';

/** Each host once, with what it may have in words. */
export function approvedWords(
  hosts: ApprovedHost[],
  keys: KeptKey[],
): { origin: string; words: string }[] {
  const byOrigin = new Map<string, (KeyMark | null)[]>();
  for (const { origin, key } of hosts) {
    byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), key]);
  }
  return [...byOrigin].map(([origin, marks]) => ({ origin, words: wordsFor(marks, keys) }));
}

function wordsFor(marks: (KeyMark | null)[], keys: KeptKey[]): string {
  const named = marks.filter((mark) => mark !== null && mark.last4 !== '') as KeyMark[];
  if (named.length > 0) return `may have ${named.map((mark) => keyWords(mark, keys)).join(', ')}`;
  if (marks.includes(null)) return 'without a key';
  return 'is asked about again, as it was not kept which key it may have';
}

function keyWords({ id, last4 }: KeyMark, keys: KeptKey[]): string {
  const kept = keys.find((key) => key.last4 === last4 && (id === null || key.id === id));
  return kept ? `“${kept.name}”` : `the key ••••${last4}`;
}
