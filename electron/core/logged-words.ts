import { inspect } from 'node:util';

/** Errors inside errors, and objects inside objects. */
const DEEPEST = { errors: 8, objects: 4 };

/**
 * What was thrown or is told, as the log says it, with each text in it redacted by itself: once it is quoted and cut, half a
 * secret can't be known any more. Bytes and lists are counted only, and of an error neither the details that a server gave nor
 * what else hangs on it are told: those are the user's own business.
 */
export function loggedWords(what: unknown, redact: (text: string) => string): string {
  if (typeof what === 'string') return redact(what);
  if (what instanceof Error) return errorWords(what, redact, 0);
  return redact(inspect(outline(what, redact, 0), { depth: null }));
}

function errorWords(error: Error, redact: (text: string) => string, depth: number): string {
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const own = redact(`${error.stack ?? `${error.name}: ${error.message}`}${code}`);
  if (depth === DEEPEST.errors) return own;
  const several: unknown[] = error instanceof AggregateError ? error.errors : [];
  const behind = error.cause === undefined ? several : [...several, error.cause];
  const words = (one: unknown): string =>
    one instanceof Error ? errorWords(one, redact, depth + 1) : loggedWords(one, redact);
  return [own, ...behind.map((one) => `because of ${words(one)}`)].join('\n');
}

function outline(value: unknown, redact: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return redact(String(value));
  if (value instanceof URL || value instanceof Date) return redact(String(value));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return `[${value.length} items]`;
  if (depth === DEEPEST.objects) return '[…]';
  const entries: [unknown, unknown][] =
    value instanceof Map ? [...value.entries()] : Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, one]) => [redact(String(name)), outline(one, redact, depth + 1)]),
  );
}
