import type { StoredPart } from './runs.ts';

/** Characters that Windows, the strictest, forbids in names, and control characters. */
const forbidden = /[<>:"/\\|?*\u0000-\u001f]/g;

/** A file name for a part: what it was called in the answer, and the extension that its bytes deserve. */
export function suggestedName(
  part: Pick<StoredPart, 'name' | 'kind'>,
  as: 'received' | 'wav',
): string {
  const extension = as === 'wav' ? 'wav' : part.kind.extension;
  const base = part.name
    .replace(forbidden, '_')
    .replace(/^\.+|[. ]+$/g, '')
    .slice(0, 100);
  return `${base || 'answer'}.${extension}`;
}
