import electronLog from 'electron-log/node';
import { closeSync, fstatSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { loggedWords } from './logged-words.ts';
import { Redaction } from './redaction.ts';

/** Bytes, of the log and of the one before it. */
const LARGEST_LOG = 1024 * 1024;
/** Characters */
const LARGEST_LINE = 64 * 1024;
type Level = 'error' | 'warn' | 'info';

/**
 * The local log: what the page is not told. Written at once, so that the last line before a crash is there, by several
 * processes at the same time. The key, and anything in the place of one, is blacked out; bytes and lists are never written.
 */
export class Log {
  readonly #path: string;
  readonly #logger: ReturnType<typeof electronLog.create>;
  readonly #redaction = new Redaction();

  constructor(path: string, now: () => Date) {
    this.#path = path;
    this.#logger = electronLog.create({ logId: path });
    // The others: `remote` is off as the library comes, and there is no `ipc` on Node.
    const { file, console } = this.#logger.transports;
    console.level = false;
    // The library tells of files it can't write there, whatever the level, by the logger that it made first.
    electronLog.transports.console.writeFn = () => undefined;
    file.setAppName('soundpost');
    file.resolvePathFn = () => path;
    file.format = '{iso} [{level}] {text}';
    file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
    // It counts what this process wrote, and would throw another's lines away for it: see #makeRoom.
    file.maxSize = 0;
    this.#logger.hooks.push((message) => {
      if (!this.#makeRoom()) return false;
      return { ...message, date: now(), data: [this.#clean(message.data[0])] };
    });
  }

  /** From now on this text never reaches the log. */
  hide(secret: string): void {
    this.#redaction.hide(secret);
  }

  /** A text as the log would have it: without what was hidden, and what stands in the place of a key. */
  readonly redact = (text: string): string => this.#redaction.redact(text);

  /** None of the three ever throws: a log that can't be written must not break what it tells of. */
  readonly error = (error: unknown): void => {
    this.#write('error', error);
  };
  readonly warn = (what: unknown): void => {
    this.#write('warn', what);
  };
  readonly info = (what: string): void => {
    this.#write('info', what);
  };

  #write(level: Level, what: unknown): void {
    try {
      this.#logger[level](what);
    } catch {
      // See above.
    }
  }

  /**
   * A file that can be written, with room in it. False when there is none: the library would give up on it for good, and a disk
   * may be mended. Between two processes that find it full at once, one may lose the older half.
   */
  #makeRoom(): boolean {
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const file = openSync(this.#path, 'a', 0o600);
      const { size } = fstatSync(file);
      closeSync(file);
      if (size > LARGEST_LOG) renameSync(this.#path, `${this.#path}.old`);
      return true;
    } catch {
      return false;
    }
  }

  #clean(what: unknown): string {
    const clean = loggedWords(what, this.redact);
    const cut = clean.length > LARGEST_LINE ? `${clean.slice(0, LARGEST_LINE)} […]` : clean;
    // Whoever wrote the text can't make a line of its own, or colour a terminal.
    return cut.replace(/[\0-\x08\x0b-\x1f\x7f]/g, '\ufffd').replaceAll('\n', '\n    ');
  }
}
