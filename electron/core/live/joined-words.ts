import { bringsSpace, isShort } from '../invocation/joined-events.ts';

/**
 * Words that come piece by piece, joined as `joinText` joins them, as far as the pieces so far tell: tokens bring their own
 * spaces, sentences get a line each.
 */
export class JoinedWords {
  #bringSpaces = false;
  #areShort = true;
  /** The first half of a character whose second half is in the next piece. */
  #half = '';

  /** The first two pieces together; one alone does not tell how they are joined. */
  begin(first: string, second: string): string {
    this.#look(first);
    this.#look(second);
    return this.#whole(first + this.#between + second);
  }

  add(piece: string): string {
    this.#look(piece);
    return this.#whole(this.#between + piece);
  }

  get #between(): string {
    return this.#bringSpaces || this.#areShort ? '' : '\n';
  }

  #look(piece: string): void {
    this.#bringSpaces ||= bringsSpace(piece);
    this.#areShort &&= isShort(piece);
  }

  #whole(text: string): string {
    const joined = this.#half + text;
    this.#half = /[\ud800-\udbff]$/.test(joined) ? joined.slice(-1) : '';
    return joined.slice(0, joined.length - this.#half.length);
  }
}
