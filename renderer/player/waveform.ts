import { createSubscriber } from 'svelte/reactivity';
import { decodeWhole } from './decode-whole.ts';
import type { Outline, PeaksReport, PeaksRequest } from './peaks-messages.ts';
import { startWorker } from './start-worker.ts';
import { Turns } from './turns.ts';

const WORKERS_AT_ONCE = 2;
const KEPT = 24;
const WHOLE_LIMIT_BYTES = 20_000_000;

export type WaveformState =
  | { phase: 'loading'; outline: Outline | null }
  | { phase: 'ready'; outline: Outline }
  | { phase: 'undecodable' };

/** One sound's outline. It is decoded while somebody looks at it, and stops when nobody does. */
export class Waveform {
  #state: WaveformState = { phase: 'loading', outline: null };
  readonly #url: string;
  readonly #size: number;
  readonly #turns: Turns;
  readonly #subscribe = createSubscriber((update) => this.#decode(update));

  constructor(url: string, size: number, turns: Turns) {
    this.#url = url;
    this.#size = size;
    this.#turns = turns;
  }

  get state(): WaveformState {
    this.#subscribe();
    return this.#state;
  }

  /** Seconds, or null while unknown. */
  get duration(): number | null {
    const { state } = this;
    return state.phase === 'undecodable' ? null : (state.outline?.duration ?? null);
  }

  #decode(update: () => void): () => void {
    if (this.#state.phase !== 'loading') return () => undefined;
    const aborter = new AbortController();
    const end = this.#turns.take(() => {
      this.#inWorker(aborter.signal, (state) => {
        this.#state = state;
        update();
        if (state.phase !== 'loading') end();
      });
    });
    return () => {
      aborter.abort();
      end();
    };
  }

  #inWorker(signal: AbortSignal, tell: (state: WaveformState) => void): void {
    let worker: Worker;
    try {
      worker = startWorker('peaks');
    } catch {
      void this.#whole(signal, tell);
      return;
    }
    const stop = (): void => {
      worker.terminate();
    };
    const giveUp = (): void => {
      stop();
      void this.#whole(signal, tell);
    };
    signal.addEventListener('abort', stop, { once: true });
    worker.addEventListener('error', giveUp);
    worker.addEventListener('message', ({ data }: MessageEvent<PeaksReport>) => {
      if (signal.aborted) return;
      if (data.type === 'undecodable') {
        giveUp();
        return;
      }
      if (data.complete) stop();
      tell({ phase: data.complete ? 'ready' : 'loading', outline: data });
    });
    worker.postMessage({ url: new URL(this.#url, location.href).href } satisfies PeaksRequest);
  }

  async #whole(signal: AbortSignal, tell: (state: WaveformState) => void): Promise<void> {
    try {
      if (this.#size > WHOLE_LIMIT_BYTES) throw new Error('Too large to decode whole');
      tell({ phase: 'ready', outline: await decodeWhole(this.#url, signal) });
    } catch {
      if (!signal.aborted) tell({ phase: 'undecodable' });
    }
  }
}

/** The outlines of the sounds looked at last. What lies behind a URL never changes, so they are kept by URL. */
export class Waveforms {
  readonly #kept = new Map<string, Waveform>();
  readonly #turns = new Turns(WORKERS_AT_ONCE);

  /** `size` in bytes. */
  of(url: string, size: number): Waveform {
    const waveform = this.#kept.get(url) ?? new Waveform(url, size, this.#turns);
    this.#kept.delete(url);
    this.#kept.set(url, waveform);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return waveform;
  }
}
