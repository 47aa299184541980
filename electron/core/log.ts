import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const LARGEST_BYTES = 1024 * 1024;

/** The local log: what the page is not told. The key, and anything in the place of one, is blacked out. */
export class Log {
  readonly #path: string;
  readonly #now: () => Date;
  readonly #secrets = new Set<string>();

  constructor(path: string, now: () => Date) {
    this.#path = path;
    this.#now = now;
  }

  /** From now on this text never reaches the log. */
  hide(secret: string): void {
    if (secret) this.#secrets.add(secret);
  }

  /** Never throws: a log that can't be written must not break what it tells of. */
  readonly error = (error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      this.#rotate();
      const line = `${this.#now().toISOString()} ${this.#redact(text)}\n`;
      appendFileSync(this.#path, line, { mode: 0o600 });
    } catch {
      // See above.
    }
  };

  #rotate(): void {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > LARGEST_BYTES) renameSync(this.#path, `${this.#path}.old`);
  }

  #redact(text: string): string {
    let clean = text.replace(/\b(Api-Key|Bearer)\s+\S+/gi, '$1 [key]');
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, '[key]');
    return clean;
  }
}
