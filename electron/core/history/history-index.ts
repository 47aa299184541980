import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { HistoryPage, HistoryQuery, HistoryRow } from '../../contract/history.ts';
import type { IndexedRun } from './row-of-run.ts';
import { findPositions, PLACES, type Found } from './find-positions.ts';

/** To count all finds of a common word in a hundred thousand runs takes longer than an eye waits. */
const MOST_COUNTED = 10_000;

type Pages = Pick<HistoryPage, 'rows' | 'next' | 'total' | 'isMore'>;

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

  list({ cursor = Number.MAX_SAFE_INTEGER, limit, ...query }: HistoryQuery): Pages {
    const found = findPositions(query);
    // Texts are walked through once, for the count and the page.
    const newest = found.isText ? this.#positions(found, undefined, MOST_COUNTED + 1) : null;
    const isMore = newest !== null && newest.length > MOST_COUNTED;
    const page =
      newest && !isMore
        ? newest.filter((position) => position < cursor).slice(0, limit + 1)
        : this.#positions(found, cursor, limit + 1);
    const rows = this.#all(
      `SELECT row FROM runs WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position DESC`,
      JSON.stringify(page.slice(0, limit)),
    );
    return {
      rows: rows.map(rowIn),
      next: page.length > limit ? (page[limit - 1] ?? null) : null,
      total: newest ? Math.min(newest.length, MOST_COUNTED) : this.#count(found),
      ...(isMore ? { isMore } : {}),
    };
  }

  row(id: string): HistoryRow | null {
    const [row] = this.#all('SELECT row FROM runs WHERE id = ?', id);
    return row ? rowIn(row) : null;
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
      'INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...[position, runId, state, model, preset?.id ?? null],
      ...[star ? 1 : 0, isSettled ? 1 : 0, size, JSON.stringify(row)],
    );
    const [known] = this.#all('SELECT text FROM texts WHERE position = ?', position);
    if (known?.['text'] === text) return;
    this.#run('INSERT OR REPLACE INTO texts VALUES (?, ?)', position, text);
    this.#run('INSERT OR REPLACE INTO words (rowid, text) VALUES (?, ?)', position, text);
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

  #count({ sql, values }: Found): number {
    return Number(this.#all(`SELECT count(*) AS total ${sql}`, ...values)[0]?.['total']);
  }

  /** Newest first, those before one. */
  #positions(found: Found, before: number | undefined, most: number): number[] {
    const { sql, position, values } = found;
    const rows = this.#all(
      `SELECT ${position} AS position ${sql} ${before === undefined ? '' : `AND ${position} < ?`}
       ORDER BY ${position} DESC LIMIT ?`,
      ...[...values, ...(before === undefined ? [] : [before]), most],
    );
    return rows.map((row) => Number(row['position']));
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
