import { HistoryIndex } from './history-index.ts';
import { inMemory, inodeOf, isDamage, openIndex, sqliteCode, unwritable } from './open-index.ts';

const BUSY = 5;

/**
 * The index, kept usable whatever happens to its file. One that is damaged is set aside and made anew, one that was
 * deleted or replaced is opened anew, and where it can't be written, memory does.
 */
export class HistoryStore {
  /** What there is to say of it, in words. */
  notice: string | undefined;
  readonly #path: string;
  readonly #log: (error: unknown) => void;
  #index: HistoryIndex | undefined;
  #hasEnded = false;
  #inode: number | null = null;

  constructor(path: string, log: (error: unknown) => void) {
    this.#path = path;
    this.#log = log;
  }

  get isOpen(): boolean {
    return this.#index !== undefined;
  }

  /**
   * Does something with the index. Null when another process writes right now, for longer than one waits: it is to be
   * done later; and when the program ends. @throws SoundpostError `internal` when this Node.js has no SQLite
   */
  use<T>(work: (index: HistoryIndex) => T): T | null {
    if (this.#hasEnded) return null;
    try {
      return work(this.#opened());
    } catch (error) {
      if (sqliteCode(error) === BUSY) return null;
      if (sqliteCode(error) === null && !isDamage(error)) throw error;
      this.#log(error);
      this.#replace(error);
      return work(this.#opened());
    }
  }

  /** Opens the file that lies there now, when it is not the one that is open. Answers whether it did. */
  noticeReplacement(): boolean {
    if (!this.#index || this.#inode === null || inodeOf(this.#path) === this.#inode) return false;
    this.#close();
    return true;
  }

  /** For good. */
  end(): void {
    this.#hasEnded = true;
    this.#close();
  }

  #close(): void {
    try {
      this.#index?.close();
    } catch (error) {
      this.#log(error);
    }
    this.#index = undefined;
  }

  #opened(): HistoryIndex {
    if (this.#index) return this.#index;
    const { database, inode, notice } = openIndex(this.#path, this.#log);
    return this.#take(new HistoryIndex(database), inode, notice);
  }

  #replace(error: unknown): void {
    // Whoever met the damage first has put a new one there already.
    if (this.noticeReplacement()) return;
    this.#close();
    if (isDamage(error)) {
      const { database, inode, notice } = openIndex(this.#path, this.#log, { isDamaged: true });
      this.#take(new HistoryIndex(database), inode, notice);
      return;
    }
    const { database, notice } = inMemory(unwritable(error));
    this.#take(new HistoryIndex(database), null, notice);
  }

  #take(index: HistoryIndex, inode: number | null, notice: string | undefined): HistoryIndex {
    this.#index = index;
    this.#inode = inode;
    this.notice = notice ?? this.notice;
    return index;
  }
}
