const BLACK = '[key]';

/** What stands where a key does, whichever it is. */
const PLACES: [form: RegExp, instead: string][] = [
  [/\b(Api-Key|Bearer|Basic)(\s+|%20)[^\s'",;]+/gi, `$1 ${BLACK}`],
  [
    /\b((?:proxy-)?authorization|x-api-key|api[_-]?key)(["']?\s*[:=]\s*["']?)(?!\s*(?:Api-Key|Bearer|Basic)\b)[^\s'",;]+/gi,
    `$1$2${BLACK}`,
  ],
  [/\b((?:set-)?cookie["']?\s*[:=]\s*["']?)[^\n'"]+/gi, `$1${BLACK}`],
  // As an address may hold a name and password.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]+@/gi, '$1[hidden]@'],
];

/** Blacks out secrets: those that it was told of, wherever they stand, and whatever stands in the place of one. */
export class Redaction {
  /** Longest first: one that holds another goes as a whole. */
  #forms: string[] = [];

  /** From now on this text is a secret, also as it looks inside a URL or in quotes. */
  hide(secret: string): void {
    if (secret === '') return;
    const quoted = JSON.stringify(secret).slice(1, -1);
    const forms = new Set([...this.#forms, secret, encodeURIComponent(secret), quoted]);
    this.#forms = [...forms].toSorted((a, b) => b.length - a.length);
  }

  redact(text: string): string {
    let clean = text;
    for (const form of this.#forms) clean = clean.replaceAll(form, BLACK);
    for (const [form, instead] of PLACES) clean = clean.replace(form, instead);
    return clean;
  }
}
