import { createContext } from 'svelte';

/** What the keyboard or the menu asks of whichever part of the page can do it now. */
export type Command = 'save' | 'play' | 'rename';

/** Carries commands from the keyboard and the menu to the part of the page that can do them. */
export class Commands {
  readonly #handlers: { command: Command; handle: () => boolean }[] = [];

  /** `handle` answers whether it did anything. Returns the function that stops listening; call it from `$effect`. */
  on(command: Command, handle: () => boolean): () => void {
    const entry = { command, handle };
    this.#handlers.push(entry);
    return () => {
      this.#handlers.splice(this.#handlers.indexOf(entry), 1);
    };
  }

  /** Asks the newest listener first, until one did it. False when nobody could. */
  send(command: Command): boolean {
    return this.#handlers
      .filter((entry) => entry.command === command)
      .reverse()
      .some((entry) => entry.handle());
  }
}

/** The page's commands. */
export const [getCommands, provideCommands] = createContext<Commands>();
