import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { secret } from './gate.ts';
import type { PageLink } from './page-link.ts';
import type { Scratch } from './scratch.ts';

/**
 * Files saved by the app, on their way to the browser's downloads. A save dialog names a place in the scratch folder; once
 * the invocation that asked for it is over, what is there is offered to the page at an address that works once.
 */
export class SavedFiles {
  readonly #scratch: Scratch;
  readonly #link: PageLink;
  readonly #asked = new AsyncLocalStorage<string[]>();
  readonly #offered = new Map<string, string>();

  constructor(scratch: Scratch, link: PageLink) {
    this.#scratch = scratch;
    this.#link = link;
  }

  /** Runs one invocation of the page, then offers what it saved. */
  async during<T>(page: string, work: () => Promise<T>): Promise<T> {
    const places: string[] = [];
    try {
      return await this.#asked.run(places, work);
    } finally {
      for (const path of places.filter((place) => existsSync(place))) {
        const word = secret();
        this.#offered.set(word, path);
        this.#link.send({ type: 'download', url: `/@web-host/downloads/${word}` }, page);
      }
    }
  }

  /** @throws Error outside an invocation: nothing would tell when the file is complete */
  place(name: string): string {
    const places = this.#asked.getStore();
    if (!places) throw new Error('The web host saves files only when the page asked for it.');
    const path = this.#scratch.place(name);
    places.push(path);
    return path;
  }

  /** The file offered under this word, once. */
  take(word: string): string | null {
    const path = this.#offered.get(word) ?? null;
    this.#offered.delete(word);
    return path;
  }
}
