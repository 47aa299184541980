import type { SQLInputValue } from 'node:sqlite';
import type { HistoryQuery } from '../../contract/history.ts';
import { searchTerms } from './search-text.ts';

/** `position` is the start in milliseconds times this, and a number among those of one millisecond. */
export const PLACES = 1024;

/** A query in SQL that gives the positions of what it finds. `position` is the column's full name. */
export type Found = { sql: string; position: string; values: SQLInputValue[]; isText: boolean };

/**
 * The SQL of a query, without order and limit. The search index goes first when words are asked for: it gives its finds
 * by falling position, as the page wants them. What is asked of the rows narrows it.
 */
export function findPositions(query: Omit<HistoryQuery, 'limit' | 'cursor'>): Found {
  const { match, short } = searchTerms(query.text ?? '');
  const columns: [sql: string, value?: SQLInputValue][] = [];
  if (query.model !== undefined) columns.push(['runs.model = ?', query.model]);
  if (query.preset !== undefined) columns.push(['runs.preset = ?', query.preset]);
  if (query.state !== undefined) columns.push(['runs.state = ?', query.state]);
  if (query.starred) columns.push(['runs.star = 1']);

  const isText = match !== null || short.length > 0;
  const source = match !== null ? 'words' : isText ? 'texts' : 'runs';
  const position = source === 'words' ? 'words.rowid' : `${source}.position`;
  const conditions: typeof columns = [];
  if (match !== null) conditions.push(['words MATCH ?', match]);
  for (const term of short) {
    const text =
      source === 'texts'
        ? 'texts.text'
        : `(SELECT text FROM texts WHERE texts.position = ${position})`;
    conditions.push([`instr(${text}, ?) > 0`, term]);
  }
  if (query.from !== undefined) conditions.push([`${position} >= ?`, query.from * PLACES]);
  if (query.to !== undefined) conditions.push([`${position} < ?`, query.to * PLACES]);

  if (source === 'runs') conditions.push(...columns);
  else if (columns.length > 0) {
    // Their positions alone stand in small indexes; to join the rows would read all of what each finds. The plus keeps
    // SQLite from searching the words once for every one of them.
    const where = columns.map(([sql]) => sql).join(' AND ');
    conditions.push([`+${position} IN (SELECT position FROM runs WHERE ${where})`]);
  }
  const where = conditions.length === 0 ? 'TRUE' : conditions.map(([sql]) => sql).join(' AND ');
  return {
    sql: `FROM ${source} WHERE ${where}`,
    position,
    values: [
      ...conditions.flatMap(([, value]) => (value === undefined ? [] : [value])),
      ...(source === 'runs'
        ? []
        : columns.flatMap(([, value]) => (value === undefined ? [] : [value]))),
    ],
    isText,
  };
}
