import { createContext } from 'svelte';
import type { Bridge } from '../../electron/contract/bridge.ts';
import type { Failure } from '../../electron/contract/failure.ts';
import type { RequestInput } from '../../electron/contract/requests.ts';
import type { UpdateState } from '../../electron/contract/update.ts';

type Asking = `updates.${'check' | 'download' | 'install' | 'skip'}`;

/** Newer versions of Soundpost, as main knows them. */
export class AppUpdates {
  #state = $state.raw<UpdateState>({ phase: 'none' });
  #failure = $state.raw<Failure | null>(null);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge, state: UpdateState) {
    this.#bridge = bridge;
    this.#state = state;
  }

  get state(): UpdateState {
    return this.#state;
  }

  /** Why the last wish could not be done at all. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** What the window's foot says of a newer version; empty when there is nothing to decide. */
  get words(): string {
    const state = this.#state;
    switch (state.phase) {
      case 'offered':
        return `Version ${state.release.version} is there`;
      case 'downloading':
        return `Downloading version ${state.release.version}`;
      case 'ready':
        return state.onQuit ? '' : `Version ${state.release.version} is ready`;
      default:
        return '';
    }
  }

  /** Follows what main says; the answered function ends that. */
  watch(): () => void {
    return this.#bridge.on('updates.changed', (state) => {
      this.#state = state;
    });
  }

  async ask<R extends Asking>(route: R, input: RequestInput<R>): Promise<void> {
    const result = await this.#bridge.request(route, input);
    this.#failure = result.ok ? null : result.failure;
    if (result.ok) this.#state = result.data;
  }
}

/** The page's view of newer versions. */
export const [getUpdates, provideUpdates] = createContext<AppUpdates>();
