import type { Bridge } from '../../electron/contract/bridge.ts';
import type { HistoryChoices, HistoryEntry, HistoryRow } from '../../electron/contract/history.ts';
import { HistoryFilter } from './history-filter.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import { RunList } from './run-list.svelte.ts';
import { MOST_SELECTED, RunSelection } from './run-selection.svelte.ts';

/** The runs there were: found, selected, marked, removed and brought back. */
export class History {
  readonly filter = new HistoryFilter();
  readonly list: RunList;
  readonly selection: RunSelection;
  /** What there are runs of. */
  choices = $state.raw<HistoryChoices>({ models: [], presets: [] });
  /** The runs removed last, while that can be undone. */
  removed = $state.raw<string[]>([]);
  /** The two runs that are compared. */
  compared = $state.raw<[string, string] | null>(null);
  /** Whether a run is being looked for to compare the selected one with. */
  wantsOther = $state(false);
  readonly #bridge: Bridge;
  readonly #notices: Notices;

  constructor(bridge: Bridge, notices: Notices) {
    this.#bridge = bridge;
    this.#notices = notices;
    this.list = new RunList(bridge, notices);
    this.selection = new RunSelection(this.list);
  }

  /** Follows what happens while the list is shown; the answered function ends that. */
  watch(): () => void {
    this.removed = [];
    void this.#loadChoices();
    const stop = this.#bridge.on('history.changed', () => {
      void this.list.refresh();
      void this.#loadChoices();
    });
    return () => {
      stop();
      this.selection.clear();
      this.compared = null;
      this.wantsOther = false;
    };
  }

  /** Selects a run, to be compared with another that is yet to be found. */
  lookForOther(runId: string): void {
    this.selection.only(runId);
    this.wantsOther = true;
  }

  /** Null when it can't be had, which has then been said. */
  async open(runId: string): Promise<HistoryEntry | null> {
    const result = await this.#bridge.request('history.get', { runId });
    if (result.ok) return result.data;
    this.#notices.say(result.failure.message);
    return null;
  }

  async star({ runId, star }: HistoryRow): Promise<void> {
    const result = await this.#bridge.request('history.star', { runId, star: !star });
    if (!result.ok) this.#notices.say(result.failure.message);
    await this.list.refresh();
  }

  /** False when they could not be kept, which has then been said. */
  async note(runId: string, notes: string): Promise<boolean> {
    const result = await this.#bridge.request('history.notes', { runId, notes });
    if (!result.ok) this.#notices.say(result.failure.message);
    await this.list.refresh();
    return result.ok;
  }

  /** Selects the neighbours from where the selection began, and makes that place the active one. */
  async extendTo(place: number): Promise<void> {
    const before = this.list.active;
    this.list.active = place;
    const wereMore = await this.selection.extend(place, before);
    if (wereMore) this.#notices.say(`Only ${MOST_SELECTED} runs can be selected at once.`);
  }

  /** Puts runs aside, from where they can be brought back. */
  async remove(runIds: readonly string[]): Promise<void> {
    if (runIds.length === 0) return;
    const done = await this.#change('history.remove', runIds);
    if (done.length > 0) this.removed = done;
    this.selection.drop(done);
  }

  async bringBack(): Promise<void> {
    const done = await this.#change('history.restore', this.removed);
    this.removed = this.removed.filter((runId) => !done.includes(runId));
  }

  /** Answers those with which it was done. */
  async #change(
    route: 'history.remove' | 'history.restore',
    runIds: readonly string[],
  ): Promise<string[]> {
    const result = await this.#bridge.request(route, { runIds: [...runIds] });
    const failures = result.ok
      ? result.data.refused.map(({ failure }) => failure)
      : [result.failure];
    // Words that are said already are not said twice.
    for (const { message } of failures) this.#notices.say(message);
    await this.list.refresh();
    return result.ok ? result.data.done : [];
  }

  async #loadChoices(): Promise<void> {
    const result = await this.#bridge.request('history.choices', {});
    if (result.ok) this.choices = result.data;
  }
}
