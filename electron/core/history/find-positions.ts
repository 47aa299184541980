import type { SQLInputValue } from 'node:sqlite';
import type { HistoryQuery } from '../../contract/history.ts';
import { searchTerms } from './search-text.ts';

/** `position` is the start in milliseconds times this, and a number among those of one millisecond. */
export const PLACES = 1024;

/** A query in SQL that gives the positions of what it finds. `position` is the column's full name. */
export type Found = { sql: string; position: string; values: SQLInputValue[]; isText: boolean };

/**
 * The SQL of a query, without order and limit. The search index goes first when words are asked for: it gives its finds
 * by falling position, as the page wants them. The rows are joined only when something of them is asked.
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

  const needsRows = source !== 'runs' && columns.length > 0;
  const join = needsRows ? `CROSS JOIN runs ON runs.position = ${position}` : '';
  const all = [...conditions, ...columns];
  const where = all.length === 0 ? 'TRUE' : all.map(([sql]) => sql).join(' AND ');
  return {
    sql: `FROM ${source} ${join} WHERE ${where}`,
    position,
    values: all.flatMap(([, value]) => (value === undefined ? [] : [value])),
    isText,
  };
}
