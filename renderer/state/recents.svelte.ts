import type { Bridge } from '../../electron/contract/bridge.ts';
import type { RecentFile } from '../../electron/contract/recent.ts';
import type { Notices } from './notices.svelte.ts';

/** The files used last, also in earlier sessions. */
export class Recents {
  /** The last one first. */
  list = $state.raw<RecentFile[]>([]);
  readonly #bridge: Bridge;
  readonly #notices: Notices;

  constructor(bridge: Bridge, notices: Notices) {
    this.#bridge = bridge;
    this.#notices = notices;
    bridge.on('recents.changed', (list) => {
      this.list = list;
    });
  }

  async load(): Promise<void> {
    const result = await this.#bridge.request('recents.list', {});
    if (result.ok) this.list = result.data;
    else this.#notices.say(result.failure.message);
  }

  async clear(): Promise<void> {
    const result = await this.#bridge.request('recents.clear', {});
    if (!result.ok) this.#notices.say(result.failure.message);
  }
}
