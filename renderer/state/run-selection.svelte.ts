import type { RunList } from './run-list.svelte.ts';

/** As many as main takes at once. */
export const MOST_SELECTED = 1000;

/** The runs that are selected, to be compared or removed together. */
export class RunSelection {
  /** In the order of their selection. */
  runIds = $state.raw<readonly string[]>([]);
  /** Where a selection of neighbours began. */
  #origin: number | null = null;
  #turn = 0;
  readonly #list: RunList;

  constructor(list: RunList) {
    this.#list = list;
  }

  get size(): number {
    return this.runIds.length;
  }

  has(runId: string): boolean {
    return this.runIds.includes(runId);
  }

  clear(): void {
    this.runIds = [];
    this.#origin = null;
  }

  only(runId: string): void {
    this.runIds = [runId];
  }

  toggle(place: number): void {
    const runId = this.#list.at(place)?.runId;
    if (runId === undefined) return;
    this.runIds = this.has(runId)
      ? this.runIds.filter((id) => id !== runId)
      : [...this.runIds, runId];
    this.#origin = place;
  }

  /** Selects all from where the selection began to a place. Answers whether there were more than can be. */
  async extend(place: number, from: number): Promise<boolean> {
    const turn = (this.#turn += 1);
    const origin = (this.#origin ??= from);
    const [first, last] = [Math.min(origin, place), Math.max(origin, place)];
    const rows = await this.#list.between(first, last, MOST_SELECTED);
    // Who holds the key down has asked for more meanwhile.
    if (turn !== this.#turn) return false;
    this.runIds = rows.map(({ runId }) => runId);
    return last - first + 1 > MOST_SELECTED;
  }

  /** Those that are no longer there are not selected. */
  drop(runIds: readonly string[]): void {
    this.runIds = this.runIds.filter((id) => !runIds.includes(id));
  }
}
