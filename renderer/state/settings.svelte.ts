import { MediaQuery } from 'svelte/reactivity';
import { createContext } from 'svelte';
import type { Bridge } from '../../electron/contract/bridge.ts';
import type { Failure } from '../../electron/contract/failure.ts';
import type { AppState } from '../../electron/contract/app-state.ts';
import type { RequestInput } from '../../electron/contract/requests.ts';
import type { Settings as Kept, SettingsChange } from '../../electron/contract/settings.ts';

/** Milliseconds. What is dragged is kept when the hand rests. */
const REST = 400;

type Asking = 'settings.change' | 'settings.forgetHost' | `settings.choose${'Folder' | 'CaFile'}`;

/** The settings of this computer, as they are now; a change holds at once. */
export class Settings {
  #kept = $state.raw() as Kept;
  #failure = $state.raw<Failure | null>(null);
  /** Node's name of the system, which decides how keys are called. */
  readonly platform: string;
  /** Soundpost's own. */
  readonly version: string;
  readonly #bridge: Bridge;
  readonly #dark = new MediaQuery('(prefers-color-scheme: dark)');
  #waiting: SettingsChange = {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    bridge: Bridge,
    { settings, platform, version }: Pick<AppState, 'settings' | 'platform' | 'version'>,
  ) {
    this.#bridge = bridge;
    this.#kept = settings;
    this.platform = platform;
    this.version = version;
  }

  get kept(): Kept {
    return this.#kept;
  }

  /** Why the last change was not kept. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** What the window looks like now, whoever decides it. */
  get theme(): 'light' | 'dark' {
    const { appearance } = this.#kept;
    if (appearance !== 'system') return appearance;
    return this.#dark.current ? 'dark' : 'light';
  }

  /** Follows what others change, and dresses the page; the answered function ends that. */
  watch(): () => void {
    return this.#bridge.on('settings.changed', (kept) => {
      this.#kept = kept;
    });
  }

  change(change: SettingsChange): Promise<boolean> {
    return this.ask('settings.change', change);
  }

  /** The same for what changes with each move of a hand: kept once it rests. */
  changeSoon(change: SettingsChange): void {
    const panes = { ...this.#waiting.panes, ...change.panes };
    this.#waiting = { ...this.#waiting, ...change, ...(change.panes ? { panes } : {}) };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const waiting = this.#waiting;
      this.#waiting = {};
      void this.change(waiting);
    }, REST);
  }

  /** Asks for a change; false when it was not made, which `failure` then says. */
  async ask<R extends Asking>(route: R, input: RequestInput<R>): Promise<boolean> {
    const result = await this.#bridge.request(route, input);
    this.#failure = result.ok ? null : result.failure;
    if (result.ok && result.data) this.#kept = result.data;
    return result.ok;
  }

  forgetFailure(): void {
    this.#failure = null;
  }
}

/** The page's settings. */
export const [getSettings, provideSettings] = createContext<Settings>();
