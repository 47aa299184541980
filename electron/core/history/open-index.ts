import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import { SoundpostError } from '../soundpost-error.ts';

/** Of the tables below. An index of another version is made anew: it holds nothing that the folders don't. */
const VERSION = 2;
/** Milliseconds to wait for another process that writes; it writes for a few milliseconds at most. */
const PATIENCE = 1000;

/**
 * `position` is the start in milliseconds times 1024, and a number among those of one millisecond: newest first is by
 * falling position, and the search index, which knows positions only, gives its finds in that order. What is shown and
 * searched lies apart from what is counted, which is then read through in a few milliseconds. `words` keeps each run's
 * words as they are given to it, separated by spaces alone.
 */
const SCHEMA = `
CREATE TABLE runs (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  model TEXT NOT NULL,
  preset TEXT,
  star INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  size INTEGER NOT NULL
) STRICT;
CREATE INDEX by_model ON runs (model, position);
CREATE INDEX by_state ON runs (state, position);
CREATE INDEX by_preset ON runs (preset, position) WHERE preset IS NOT NULL;
CREATE INDEX by_star ON runs (position) WHERE star = 1;
CREATE INDEX unsettled ON runs (position) WHERE settled = 0;
CREATE INDEX sizes ON runs (size);
CREATE TABLE texts (position INTEGER PRIMARY KEY, row TEXT NOT NULL, text TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE words USING fts5 (
  grams, content = '', contentless_delete = 1, detail = 'none',
  tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\\]^_\`{|}~'"
);
CREATE TABLE refused (id TEXT PRIMARY KEY, changed REAL NOT NULL) STRICT;
CREATE TABLE facts (name TEXT PRIMARY KEY, value REAL NOT NULL) STRICT;
`;

export type OpenedIndex = {
  database: Sqlite.DatabaseSync;
  /** What there is to say of it, in words. */
  notice?: string;
  /** The file's number, so that one put in its place is noticed; null in memory. */
  inode: number | null;
};

/**
 * Opens the index, or makes it. A damaged one is set aside; where none can be written, one in memory does its work until
 * the program ends. Either way the runs' folders have all that was in it.
 * @throws SoundpostError `internal` when this Node.js has no SQLite
 */
export function openIndex(
  path: string,
  log: (error: unknown) => void,
  { isDamaged = false } = {},
): OpenedIndex {
  try {
    if (!isDamaged) return attempt(path);
  } catch (error) {
    if (error instanceof SoundpostError) throw error;
    log(error);
    if (!isDamage(error)) return inMemory(unwritable(error));
  }
  try {
    setAside(path);
    return { ...attempt(path), notice: damaged };
  } catch (error) {
    log(error);
    return inMemory(unwritable(error));
  }
}

/** What SQLite says of a file that is none of its own, or no longer what it wrote. */
export function isDamage(error: unknown): boolean {
  const CORRUPT = 11;
  const NOT_A_DATABASE = 26;
  const code = sqliteCode(error);
  return (
    code === CORRUPT || code === NOT_A_DATABASE || /no such (table|column)/.test(String(error))
  );
}

/** SQLite's primary result code; the rest of the number says more closely what it was. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}

export function inodeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

const damaged =
  'The history’s index was damaged. It was set aside as history.sqlite.damaged and is made anew from the runs’ folders; no run is lost.';

export function unwritable(error: unknown): string {
  const FULL = 13;
  return sqliteCode(error) === FULL
    ? 'The history’s index can’t be written: the disk of this computer is full. The runs are kept, and listed from their folders until there is space.'
    : 'The history’s index can’t be written on this computer. The runs are kept, and listed from their folders.';
}

/** An index that lasts as long as this program. */
export function inMemory(notice: string): OpenedIndex {
  return { ...attempt(':memory:'), notice, inode: null };
}

function attempt(path: string): OpenedIndex {
  if (path !== ':memory:') makePrivate(path);
  const database = new (sqlite().DatabaseSync)(path, { timeout: PATIENCE });
  try {
    // Readers and the writer don't wait for each other; after a power cut the newest rows are read from folders again.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000',
    );
    ensureSchema(database);
    return { database, inode: path === ':memory:' ? null : inodeOf(path) };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** It holds what people say to models: SQLite alone would let everyone read it. */
function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch {
    // SQLite says better what is wrong.
  }
}

function ensureSchema(database: Sqlite.DatabaseSync): void {
  const version = (): unknown => database.prepare('PRAGMA user_version').get()?.['user_version'];
  if (version() === VERSION) {
    // A table that is gone, or pages that are, show here.
    database.prepare('SELECT count(*) FROM (SELECT 1 FROM runs, facts LIMIT 1)').get();
    return;
  }
  database.exec('BEGIN IMMEDIATE');
  try {
    if (version() !== VERSION) {
      for (const { name } of database
        .prepare(
          `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'words_%' AND name NOT LIKE 'sqlite_%'`,
        )
        .all()) {
        database.exec(`DROP TABLE "${String(name)}"`);
      }
      database.exec(`${SCHEMA}; PRAGMA user_version = ${VERSION}`);
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function setAside(path: string): void {
  renameSync(path, `${path}.damaged`);
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
}

/** Looked up when it is needed: a Node.js without it can do all else. */
function sqlite(): typeof Sqlite {
  const found = process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined;
  if (found) return found;
  throw new SoundpostError(
    'internal',
    'The history needs Node.js 22.13 or newer on this computer. The runs themselves are kept in their folders.',
  );
}
