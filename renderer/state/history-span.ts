/** When a run was: of today, of the day before, of so many days back and today, or between two days. */
export type When = 'any' | 'today' | 'yesterday' | 'week' | 'month' | 'between';

const DAYS_BACK = { today: 0, yesterday: 1, week: 6, month: 29 };

type Days = {
  when: When;
  /** Days as a date field has them, `2026-11-24`, both counted in; for `between`. */
  fromDay: string;
  toDay: string;
};

/** From and to when that is, in milliseconds since 1970: days begin and end where this computer's do. */
export function spanOf(
  { when, fromDay, toDay }: Days,
  now: Date,
): { from?: number | undefined; to?: number | undefined } {
  if (when === 'any') return {};
  if (when === 'between') return { from: dayOf(fromDay, 0), to: dayOf(toDay, 1) };
  const from = startOf(now, -DAYS_BACK[when]);
  return when === 'yesterday' ? { from, to: startOf(now, 0) } : { from };
}

/** When a day of a date field begins, or one so many days later; undefined while there is none in it. */
function dayOf(text: string, later: number): number | undefined {
  const [year = NaN, month = NaN, day = NaN] = text.split('-').map(Number);
  const at = startOf(new Date(year, month - 1, day), later);
  return at >= 0 ? at : undefined;
}

const startOf = (date: Date, later: number): number =>
  new Date(date.getFullYear(), date.getMonth(), date.getDate() + later).getTime();
