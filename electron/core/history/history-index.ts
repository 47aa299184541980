import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type {
  HistoryChoices,
  HistoryPage,
  HistoryQuery,
  HistoryRow,
} from '../../contract/history.ts';
import { findPositions, PLACES, type Found } from './find-positions.ts';
import type { IndexedRun } from './row-of-run.ts';
import { facetsOf, indexedWords } from './search-text.ts';

/** To count all finds of a common word in a hundred thousand runs takes longer than an eye waits. */
const MOST_COUNTED = 10_000;
const MOST_CHOICES = 500;

type Pages = Pick<HistoryPage, 'rows' | 'next' | 'total' | 'isMore' | 'offset'>;

/** A run that retention may look at. */
export type OldRun = { id: string; size: number };

/**
 * The rows of the history, in SQLite. Each call takes a millisecond or so and leaves no lock behind; what takes longer is
 * cut into pieces by whoever calls.
 */
export class HistoryIndex {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Puts rows in, or in place of what is known of these runs. */
  put(runs: readonly IndexedRun[]): void {
    this.#together(() => {
      for (const run of runs) this.#put(run);
    });
  }

  delete(ids: readonly string[]): void {
    this.#together(() => {
      for (const id of ids) {
        const position = this.#positionOf(id);
        if (position !== null) {
          for (const table of ['texts', 'runs']) {
            this.#run(`DELETE FROM ${table} WHERE position = ?`, position);
          }
          this.#run('DELETE FROM words WHERE rowid = ?', position);
        }
        this.#run('DELETE FROM refused WHERE id = ?', id);
      }
    });
  }

  /** Remembers a folder that can't be used, until it changes. */
  refuse(id: string, changed: number): void {
    this.delete([id]);
    this.#run('INSERT OR REPLACE INTO refused VALUES (?, ?)', id, changed);
  }

  /** When the folder changed last that was refused; null for one that was not. */
  refused(id: string): number | null {
    const [row] = this.#all('SELECT changed FROM refused WHERE id = ?', id);
    return row ? Number(row['changed']) : null;
  }

  /** Those of some names that the index does not know. */
  unknown(names: readonly string[]): string[] {
    const rows = this.#all(
      `SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM runs)`,
      JSON.stringify(names),
    );
    return rows.map(({ value }) => String(value));
  }

  list({ limit, ...query }: HistoryQuery): Pages {
    const found = findPositions(query);
    // Texts are walked through once, for the count and the page.
    const newest = found.isText ? this.#positions(found, { most: MOST_COUNTED + 1 }) : null;
    const isMore = newest !== null && newest.length > MOST_COUNTED;
    const begin = this.#begin(query, found, newest);
    const page =
      newest && !(isMore && query.cursor !== undefined)
        ? newest.slice(begin.offset, begin.offset + limit + 1)
        : this.#positions(found, { ...begin, most: limit + 1 });
    return {
      rows: this.#rows(page.slice(0, limit)),
      next: page.length > limit ? (page[limit - 1] ?? null) : null,
      offset: begin.offset,
      total: newest ? Math.min(newest.length, MOST_COUNTED) : this.#count(found),
      ...(isMore ? { isMore } : {}),
    };
  }

  /** Models and presets that there are runs of, the most used first. */
  choices(): HistoryChoices {
    const models = this.#all(
      'SELECT model, count(*) AS runs FROM runs GROUP BY model ORDER BY runs DESC LIMIT ?',
      MOST_CHOICES,
    );
    const presets = this.#all(
      `SELECT preset, count(*) AS runs, max(position) AS newest FROM runs WHERE preset IS NOT NULL
       GROUP BY preset ORDER BY runs DESC LIMIT ?`,
      MOST_CHOICES,
    );
    return {
      models: models.map(({ model, runs }) => ({ model: String(model), runs: Number(runs) })),
      presets: presets.flatMap(({ runs, newest }) => {
        const [row] = this.#rows([Number(newest)]);
        return row?.preset ? [{ ...row.preset, runs: Number(runs) }] : [];
      }),
    };
  }

  row(id: string): HistoryRow | null {
    const position = this.#positionOf(id);
    return position === null ? null : (this.#rows([position])[0] ?? null);
  }

  /** At most two ids that begin so: enough to tell whether there is one. */
  idsFrom(prefix: string): string[] {
    const rows = this.#all(
      'SELECT id FROM runs WHERE id >= ? AND id < ? ORDER BY id LIMIT 2',
      prefix,
      `${prefix}\u007f`,
    );
    return rows.map(({ id }) => String(id));
  }

  /** All ids from one on, in order, at most so many. */
  idsAfter(id: string, most: number): string[] {
    const rows = this.#all('SELECT id FROM runs WHERE id > ? ORDER BY id LIMIT ?', id, most);
    return rows.map((row) => String(row['id']));
  }

  /** Runs of which somebody may still write. */
  unsettled(): string[] {
    return this.#all('SELECT id FROM runs WHERE settled = 0').map(({ id }) => String(id));
  }

  usage(): { bytes: number; runs: number } {
    const [row] = this.#all('SELECT total(size) AS bytes, count(*) AS runs FROM runs');
    return { bytes: Number(row?.['bytes']), runs: Number(row?.['runs']) };
  }

  /** Runs without a star that nobody is at work on, oldest first and without the newest of all: it is being looked at. */
  oldest(most: number): OldRun[] {
    const rows = this.#all(
      `SELECT id, size FROM runs WHERE star = 0 AND settled = 1
       AND position < (SELECT max(position) FROM runs) ORDER BY position LIMIT ?`,
      most,
    );
    return rows.map(({ id, size }) => ({ id: String(id), size: Number(size) }));
  }

  /** A number that is remembered from one start to the next. */
  fact(name: string): number | null {
    const [row] = this.#all('SELECT value FROM facts WHERE name = ?', name);
    return row ? Number(row['value']) : null;
  }

  setFact(name: string, value: number): void {
    this.#run('INSERT OR REPLACE INTO facts VALUES (?, ?)', name, value);
  }

  /** Another number when another process has written. */
  version(): number {
    return Number(this.#all('PRAGMA data_version')[0]?.['data_version']);
  }

  close(): void {
    this.#database.close();
  }

  #put({ row, started, text, isSettled }: IndexedRun): void {
    const position = this.#positionOf(row.runId) ?? this.#freePosition(started);
    const { runId, state, model, preset, star, size } = row;
    this.#run('DELETE FROM refused WHERE id = ?', runId);
    this.#run(
      'INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ...[position, runId, state, model, preset?.id ?? null],
      ...[star ? 1 : 0, isSettled ? 1 : 0, size],
    );
    const [known] = this.#all('SELECT row, text FROM texts WHERE position = ?', position);
    const before = known && indexedWords(String(known['text']), facetsOf(rowIn(known)));
    const words = indexedWords(text, facetsOf(row));
    this.#run('INSERT OR REPLACE INTO texts VALUES (?, ?, ?)', position, JSON.stringify(row), text);
    if (words === before) return;
    this.#run('INSERT OR REPLACE INTO words (rowid, grams) VALUES (?, ?)', position, words);
  }

  #positionOf(id: string): number | null {
    const [row] = this.#all('SELECT position FROM runs WHERE id = ?', id);
    return row ? Number(row['position']) : null;
  }

  #freePosition(started: number): number {
    const first = Math.max(0, started) * PLACES;
    const [row] = this.#all(
      'SELECT max(position) AS last FROM runs WHERE position BETWEEN ? AND ?',
      first,
      first + PLACES - 1,
    );
    const last = row?.['last'];
    return typeof last === 'number' ? last + 1 : first;
  }

  #together(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** All, or those from a position on. */
  #count({ sql, position, values }: Found, from?: number): number {
    const [row] = this.#all(
      `SELECT count(*) AS total ${sql} ${from === undefined ? '' : `AND ${position} >= ?`}`,
      ...[...values, ...(from === undefined ? [] : [from])],
    );
    return Number(row?.['total']);
  }

  /** Where a page begins: after so many, and below that position when it is known. */
  #begin(
    { cursor, anchor, offset = 0 }: Pick<HistoryQuery, 'cursor' | 'anchor' | 'offset'>,
    found: Found,
    newest: number[] | null,
  ): { offset: number; below?: number } {
    const position = anchor === undefined ? null : this.#positionOf(anchor);
    const below = cursor ?? (position === null ? undefined : position + 1);
    if (below === undefined) return { offset };
    if (!newest) return { offset: this.#count(found, below), below };
    const at = newest.findIndex((found) => found < below);
    return { offset: at < 0 ? newest.length : at, below };
  }

  /** Newest first: those below one, or after so many. */
  #positions(
    { sql, position, values }: Found,
    { below, offset = 0, most }: { below?: number; offset?: number; most: number },
  ): number[] {
    const rows = this.#all(
      `SELECT ${position} AS position ${sql} ${below === undefined ? '' : `AND ${position} < ?`}
       ORDER BY ${position} DESC LIMIT ? OFFSET ?`,
      ...[...values, ...(below === undefined ? [] : [below]), most],
      below === undefined ? offset : 0,
    );
    return rows.map((row) => Number(row['position']));
  }

  #rows(positions: number[]): HistoryRow[] {
    return this.#all(
      'SELECT row FROM texts WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position DESC',
      JSON.stringify(positions),
    ).map(rowIn);
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepared(sql).run(...values);
  }

  #all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.#prepared(sql).all(...values);
  }

  #prepared(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

const rowIn = (row: Record<string, unknown>): HistoryRow =>
  JSON.parse(String(row['row'])) as HistoryRow;
