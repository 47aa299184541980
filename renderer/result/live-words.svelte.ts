/** UTF-16 units that are shown while a text comes; all of it is there when it has ended. */
const SHOWN = 40_000;
const PAUSE_AFTER_EMPTY_MS = 25;
const PAUSE_AFTER_FAILURE_MS = 500;

/** The words of a running answer, read while they come. */
export class LiveWords {
  #text = $state.raw('');
  #isCut = $state(false);

  /** The newest of it. */
  get text(): string {
    return this.#text;
  }

  /** Whether there is more before it. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Pulls until the words have ended or the signal is aborted; what can't be read now is asked for again. */
  async follow(url: string, signal: AbortSignal): Promise<void> {
    const decoder = new TextDecoder();
    for (let offset = 0, isEnd = false; !isEnd;) {
      try {
        const response = await fetch(`${url}?from=${offset}`, { signal });
        if (!response.ok) return;
        const bytes = new Uint8Array(await response.arrayBuffer());
        offset += bytes.length;
        isEnd = response.headers.get('x-live-complete') === '1';
        // A character may be cut in two between pieces.
        this.#add(decoder.decode(bytes, { stream: !isEnd }));
        if (bytes.length === 0 && !isEnd) await pause(PAUSE_AFTER_EMPTY_MS);
      } catch {
        if (signal.aborted) return;
        await pause(PAUSE_AFTER_FAILURE_MS);
      }
    }
  }

  #add(text: string): void {
    if (text === '') return;
    const all = this.#text + text;
    this.#isCut ||= all.length > SHOWN;
    this.#text = all.slice(-SHOWN);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
