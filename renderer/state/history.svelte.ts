import type { Bridge } from '../../electron/contract/bridge.ts';
import type { HistoryEntry, HistoryPage, HistoryRow } from '../../electron/contract/history.ts';
import type { Notices } from './notices.svelte.ts';

const PAGE = 100;

/** The runs there were, as far as they have been asked for. */
export class History {
  rows = $state.raw<HistoryRow[]>([]);
  page = $state.raw<HistoryPage | null>(null);
  /** The run removed last, while that can be undone. */
  removed = $state.raw<string | null>(null);
  #text = $state('');
  #isStarred = $state(false);
  #turn = 0;
  readonly #bridge: Bridge;
  readonly #notices: Notices;

  constructor(bridge: Bridge, notices: Notices) {
    this.#bridge = bridge;
    this.#notices = notices;
  }

  /** Words that each run must hold. */
  get text(): string {
    return this.#text;
  }

  set text(value: string) {
    this.#text = value;
    void this.load();
  }

  get isStarred(): boolean {
    return this.#isStarred;
  }

  set isStarred(value: boolean) {
    this.#isStarred = value;
    void this.load();
  }

  /** Follows what happens while the list is shown; the answered function ends that. */
  watch(): () => void {
    this.removed = null;
    void this.load();
    return this.#bridge.on('history.changed', () => void this.load(this.rows.length));
  }

  /** Asks anew, for as many as are shown. */
  async load(count = PAGE): Promise<void> {
    this.#turn += 1;
    const page = await this.#ask({ limit: Math.min(200, Math.max(PAGE, count)) });
    if (page) this.rows = page.rows;
  }

  async more(): Promise<void> {
    const cursor = this.page?.next;
    if (cursor == null) return;
    const page = await this.#ask({ limit: PAGE, cursor });
    if (page) this.rows = [...this.rows, ...page.rows];
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
    if (result.ok) await this.load(this.rows.length);
    else this.#notices.say(result.failure.message);
  }

  /** Puts a run aside, from where it can be brought back. */
  async remove(runId: string): Promise<void> {
    if (await this.#change('history.remove', runId)) this.removed = runId;
  }

  async bringBack(): Promise<void> {
    const { removed } = this;
    if (removed !== null && (await this.#change('history.restore', removed))) this.removed = null;
  }

  async #change(route: 'history.remove' | 'history.restore', runId: string): Promise<boolean> {
    const result = await this.#bridge.request(route, { runIds: [runId] });
    if (!result.ok) this.#notices.say(result.failure.message);
    else for (const { failure } of result.data.refused) this.#notices.say(failure.message);
    await this.load(this.rows.length);
    return result.ok && result.data.done.includes(runId);
  }

  /** Null when it failed, or was overtaken by a newer question. */
  async #ask(at: { limit: number; cursor?: number }): Promise<HistoryPage | null> {
    const turn = this.#turn;
    const text = this.#text.trim();
    const result = await this.#bridge.request('history.list', {
      ...at,
      ...(text === '' ? {} : { text }),
      ...(this.#isStarred ? { starred: true as const } : {}),
    });
    if (turn !== this.#turn) return null;
    if (!result.ok) {
      this.#notices.say(result.failure.message);
      return null;
    }
    this.page = result.data;
    return result.data;
  }
}
