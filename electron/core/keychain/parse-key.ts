import { SoundpostError } from '../soundpost-error.ts';

/** Invisible characters that come along when a key is copied from a web page. */
const INVISIBLE = /[\u200b-\u200d\u2060\ufeff]/g;

/** What people copy around a key: a shell line, a header, a line of ~/.trussrc, quotes. */
const WRAPPINGS = [
  /^(?:export|set|setx)\s+/i,
  /^\$env:/i,
  /^(?:BASETEN_API_KEY|api_key)\s*[=:]\s*/i,
  /^(?:BASETEN_API_KEY)\s+/,
  /^-H\s*/,
  /^authorization\s*:\s*/i,
  /^(?:api-key|bearer)\s+/i,
];
const QUOTED = /^(["'`“‘])(.*)["'`”’]$/;

const LENGTH = { min: 8, max: 512 };

/**
 * The key in what was pasted, fit to go into a header.
 * @throws SoundpostError `key_malformed`, which doesn't repeat what was pasted
 */
export function parseKey(pasted: string): string {
  const key = unwrap(pasted.replace(INVISIBLE, '').trim());
  if (key === '') throw malformed('No key was entered.');
  if (/\s/.test(key)) throw malformed('That is more than one word, and a key is one.');
  // Visible ASCII only: a line break here would let whoever made the text write headers of their own.
  if (!/^[\x21-\x7e]+$/.test(key)) throw malformed('That has characters that no key has.');
  if (key.length < LENGTH.min) throw malformed('That is too short for a key.');
  if (key.length > LENGTH.max) throw malformed('That is too long for a key.');
  return key;
}

function unwrap(text: string): string {
  let inner = QUOTED.exec(text)?.[2] ?? text;
  for (const wrapping of WRAPPINGS) inner = inner.replace(wrapping, '');
  inner = inner.trim();
  return inner === text ? text : unwrap(inner);
}

function malformed(what: string): SoundpostError {
  return new SoundpostError(
    'key_malformed',
    `${what} Copy the API key from your Baseten workspace's settings again, and paste it alone.`,
  );
}
