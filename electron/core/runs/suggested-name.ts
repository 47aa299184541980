import type { StoredPart } from './runs.ts';

/** Characters that Windows, the strictest, forbids in names, control characters, and those that turn text around. */
const forbidden = /[<>:"/\\|?*\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Names that mean devices on Windows, with any extension. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/i;

/** File systems take 255; this leaves room for an extension, a number, and the name of a temporary file. */
export const LONGEST_NAME = 120;

/** A file name for a part: what it was called in the answer, and the extension that its bytes deserve. */
export function suggestedName(
  part: Pick<StoredPart, 'name' | 'kind'>,
  as: 'received' | 'wav',
): string {
  const extension = as === 'wav' ? 'wav' : part.kind.extension;
  return `${safeName(part.name) || 'answer'}.${extension}`;
}

/** Text as one that any file system takes for a name of at most `longest` bytes, without an extension; empty when nothing of it can be used. */
export function safeName(text: string, longest = LONGEST_NAME): string {
  const clean = text.replace(forbidden, '_').replace(/^[. ]+/, '');
  return firstBytes(reserved.test(clean) ? `_${clean}` : clean, longest).replace(/[. ]+$/, '');
}

/** As many whole characters as fit. */
function firstBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(most));
  return text.slice(0, read);
}
