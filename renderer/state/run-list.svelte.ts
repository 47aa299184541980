import type { Bridge } from '../../electron/contract/bridge.ts';
import type { HistoryPage, HistoryQuery, HistoryRow } from '../../electron/contract/history.ts';
import { KnownRows } from './known-rows.ts';
import type { Notices } from './notices.svelte.ts';

type Query = Omit<HistoryQuery, 'limit'>;
type Span = { from: number; to: number };

const PAGE = 100;

/**
 * The runs that a question finds, of which those are asked for that are shown. One request is in flight at a time, for
 * what is shown when it begins: who drags through a hundred thousand rows waits for none on the way.
 */
export class RunList {
  /** By place, newest first from 0 on; null before the first answer. */
  page = $state.raw<HistoryPage | null>(null);
  /** The place of the row that keys act on. */
  active = $state(0);
  /** What is shown is to be moved by so many rows, since so many came or went above it. */
  onshift: (rows: number) => void = () => undefined;
  #known = $state.raw(new KnownRows());
  #query: Query = {};
  #shown: Span = { from: 0, to: PAGE };
  /** All that is known may be different by now. */
  #isStale = true;
  #isNew = true;
  #isAsking = false;
  #turn = 0;
  readonly #bridge: Bridge;
  readonly #notices: Notices;

  constructor(bridge: Bridge, notices: Notices) {
    this.#bridge = bridge;
    this.#notices = notices;
  }

  get count(): number {
    return this.page?.total ?? 0;
  }

  at(place: number): HistoryRow | undefined {
    return this.#known.at(place);
  }

  /** Asks another question; what was found before stays until there is an answer. */
  ask(query: Query): void {
    this.#query = query;
    this.#turn += 1;
    this.#isNew = true;
    void this.#fill();
  }

  /** Asks the same again, since something changed; what is shown stays in sight. */
  refresh(): Promise<void> {
    this.#isStale = true;
    return this.#fill();
  }

  /** Says which places are shown: from one on, before another. */
  show(from: number, to: number): void {
    this.#shown = { from, to };
    void this.#fill();
  }

  /** The runs of some places, at most so many; asks for those that are not known. */
  async between(from: number, to: number, most: number): Promise<HistoryRow[]> {
    const end = Math.min(to, from + most - 1, this.count - 1);
    for (let place = from; place <= end; place += 1) {
      if (this.at(place)) continue;
      const page = await this.#request({ offset: place, limit: Math.min(200, end - place + 1) });
      if (!page || page.rows.length === 0) break;
      this.#take(page, this.#known);
    }
    return this.#known.between(from, end);
  }

  async #fill(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) {
        const turn = this.#turn;
        const { isNew, anchor } = next;
        const from = this.#shown.from;
        const page = await this.#request({ offset: next.offset, limit: PAGE, ...anchor });
        if (!page) return;
        if (turn !== this.#turn) continue;
        if (isNew) this.#begin(page);
        else if (next.isAnew) this.#replace(page, anchor ? page.offset - from : 0);
        else this.#take(page, this.#known);
      }
    } finally {
      this.#isAsking = false;
    }
  }

  /** What to ask for now; null when all that is shown is known. */
  #next() {
    const { from, to } = this.#shown;
    const isNew = this.#isNew;
    if (isNew || this.#isStale) {
      this.#isNew = this.#isStale = false;
      const runId = from > 0 && !isNew ? this.at(from)?.runId : undefined;
      const anchor = runId === undefined ? undefined : { anchor: runId };
      return { isNew, isAnew: true, anchor, offset: isNew ? 0 : from };
    }
    for (let place = from; place < Math.min(to, this.count); place += 1) {
      if (this.at(place)) continue;
      // Whoever goes up wants what is above next.
      const isAbove = this.at(place + 1) !== undefined || this.at(to - 1) !== undefined;
      const offset = isAbove ? Math.max(0, to - PAGE) : place;
      return { isNew, isAnew: false, anchor: undefined, offset };
    }
    return null;
  }

  #begin(page: HistoryPage): void {
    this.#take(page, new KnownRows());
    this.active = 0;
    this.onshift(-Infinity);
  }

  #replace(page: HistoryPage, shift: number): void {
    const active = this.at(this.active)?.runId;
    const at = page.rows.findIndex(({ runId }) => runId === active);
    this.#take(page, new KnownRows());
    const place = at < 0 ? this.active + shift : page.offset + at;
    this.active = Math.max(0, Math.min(place, page.total - 1));
    if (shift !== 0) this.onshift(shift);
  }

  #take(page: HistoryPage, known: KnownRows): void {
    this.#known = known.with(page);
    this.page = page;
  }

  async #request(at: {
    offset: number;
    limit: number;
    anchor?: string;
  }): Promise<HistoryPage | null> {
    const result = await this.#bridge.request('history.list', { ...this.#query, ...at });
    if (result.ok) return result.data;
    this.#notices.say(result.failure.message);
    return null;
  }
}
