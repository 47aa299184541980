import type { Admission } from '../../contract/bridge.ts';
import type { NamedFile } from './named-files.ts';

/**
 * Milliseconds. A system tells of several chosen files one after another, Windows by a start of the program for each: those that
 * come together are opened together.
 */
const TOGETHER = 250;

type Options = {
  admit: (files: NamedFile[]) => Promise<Admission>;
  /** There is something to take. */
  onWaiting: () => void;
};

/** Files that the app was told to open from outside. They wait here until the page takes them, which may not be there yet. */
export class OpenedFiles {
  readonly #options: Options;
  #waiting: NamedFile[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  open(files: readonly NamedFile[]): void {
    if (files.length === 0) return;
    this.#waiting.push(...files);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#options.onWaiting, TOGETHER);
  }

  /** Those that wait, admitted. From now on they wait no longer. */
  take(): Promise<Admission> {
    clearTimeout(this.#timer);
    return this.#options.admit(this.#waiting.splice(0));
  }
}
