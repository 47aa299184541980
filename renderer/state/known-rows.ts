import type { HistoryPage, HistoryRow } from '../../electron/contract/history.ts';

/** Rows that are kept; further ones are asked for again when they are shown again. */
const MOST_KEPT = 4000;

/** The rows of a long list that are known, by their places. Never changed: with further ones it is another. */
export class KnownRows {
  readonly #rows: ReadonlyMap<number, HistoryRow>;

  constructor(rows: ReadonlyMap<number, HistoryRow> = new Map()) {
    this.#rows = rows;
  }

  at(place: number): HistoryRow | undefined {
    return this.#rows.get(place);
  }

  with({ rows, offset }: Pick<HistoryPage, 'rows' | 'offset'>): KnownRows {
    const all = new Map(this.#rows.size < MOST_KEPT ? this.#rows : []);
    for (const [index, row] of rows.entries()) all.set(offset + index, row);
    return new KnownRows(all);
  }

  /** Those of some places, both counted in, in their order. */
  between(from: number, to: number): HistoryRow[] {
    return [...this.#rows]
      .filter(([place]) => place >= from && place <= to)
      .sort(([one], [other]) => one - other)
      .map(([, row]) => row);
  }
}
