import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { secret } from './gate.ts';
import type { Scratch } from './scratch.ts';

/**
 * Files the user dropped on the page. A page gets a book of tickets (a secret and any number: `<secret>.7`) so that it can
 * name a file before its bytes are here. Each ticket takes one file once, and is traded once for that file's path; the
 * path itself never goes to the page.
 */
export class Uploads {
  readonly #scratch: Scratch;
  readonly #books = new Set<string>();
  readonly #spent = new Set<string>();
  readonly #received = new Map<string, string>();

  constructor(scratch: Scratch) {
    this.#scratch = scratch;
  }

  /** A new book of tickets, for one page. */
  issue(): string {
    const book = secret();
    this.#books.add(book);
    return book;
  }

  /** True when the ticket is from a book of ours and nothing was sent for it yet. */
  isOpen(ticket: string): boolean {
    const [book = '', number = '', ...rest] = ticket.split('.');
    const issued = this.#books.has(book) && /^\d{1,9}$/.test(number) && rest.length === 0;
    return issued && !this.#spent.has(ticket);
  }

  /** Keeps one file. When it does not come whole, nothing is kept, and its ticket names no file. */
  async receive(ticket: string, name: string, bytes: Readable): Promise<void> {
    this.#spent.add(ticket);
    const path = this.#scratch.place(name);
    try {
      await pipeline(bytes, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    this.#received.set(ticket, path);
  }

  /** The path of the file sent for this ticket; the empty string for anything else. */
  redeem(ticket: unknown): string {
    if (typeof ticket !== 'string') return '';
    const path = this.#received.get(ticket) ?? '';
    this.#received.delete(ticket);
    return path;
  }
}
