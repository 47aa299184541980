import type { SQLInputValue } from 'node:sqlite';
import type { HistoryQuery } from '../../contract/history.ts';
import { searchTerms } from './search-text.ts';

/** `position` is the start in milliseconds times this, and a number among those of one millisecond. */
export const PLACES = 1024;

/** A query in SQL that gives the positions of what it finds. `position` is the column's full name. */
export type Found = { sql: string; position: string; values: SQLInputValue[]; isText: boolean };

/**
 * The SQL of a query, without order and limit. Where words are asked for, the search index alone finds them, narrowed by
 * all else, in the order of their positions.
 */
export function findPositions(
  query: Pick<HistoryQuery, 'text' | 'model' | 'preset' | 'state' | 'starred' | 'from' | 'to'>,
): Found {
  const { model, preset, state, starred, from, to } = query;
  const terms = searchTerms(query.text ?? '', { model, preset, state, starred });
  const position = terms ? 'words.rowid' : 'runs.position';
  const conditions: [sql: string, value: SQLInputValue | undefined][] = terms
    ? [
        ['words MATCH ?', terms.match],
        ...terms.long.map((term): [string, string] => ['instr(texts.text, ?) > 0', term]),
      ]
    : [
        ['runs.model = ?', model],
        ['runs.preset = ?', preset],
        ['runs.state = ?', state],
        ['runs.star = ?', starred && 1],
      ];
  conditions.push([`${position} >= ?`, from === undefined ? from : from * PLACES]);
  conditions.push([`${position} < ?`, to === undefined ? to : to * PLACES]);

  const asked = conditions.filter(([, value]) => value !== undefined);
  const source = !terms
    ? 'runs'
    : terms.long.length > 0
      ? // In this order: SQLite must not walk through the texts and search for each.
        'words CROSS JOIN texts ON texts.position = words.rowid'
      : 'words';
  return {
    sql: `FROM ${source} WHERE ${asked.map(([sql]) => sql).join(' AND ') || 'TRUE'}`,
    position,
    values: asked.flatMap(([, value]) => (value === undefined ? [] : [value])),
    isText: terms !== null,
  };
}
