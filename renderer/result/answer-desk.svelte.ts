import { SvelteMap } from 'svelte/reactivity';
import type { Bridge } from '../../electron/contract/bridge.ts';
import type { Failure, Result } from '../../electron/contract/failure.ts';
import type { SnippetKind } from '../../electron/contract/snippet.ts';
import type { Part } from '../../electron/contract/run.ts';
import { savedAs, type Otherwise } from './outcome-view.ts';

/** What was said last about saving or showing, and whether it went well. */
type Words = { text: string; bad: boolean };

/** What can be done with one answer; `words` says what came of it. */
export class AnswerDesk {
  /** How the user hears its sounds where that is otherwise than they were read, by their parts' names. */
  readonly heard = new SvelteMap<string, Otherwise>();
  #words = $state.raw<Words | null>(null);
  readonly #bridge: Bridge;
  readonly #runId: string;

  constructor(bridge: Bridge, runId: string) {
    this.#bridge = bridge;
    this.#runId = runId;
  }

  get words(): Words | null {
    return this.#words;
  }

  /** Asks where to, then writes: in the form that is of most use, unless one is named. A WAV is written as the sound is heard. */
  async save(part: Part, as = savedAs(part, this.heard.get(part.name))): Promise<void> {
    const { sampleRate, pcm } = (as === 'wav' && this.heard.get(part.name)) || {};
    const result = await this.#bridge.request('part.save', {
      runId: this.#runId,
      part: part.name,
      as,
      ...(sampleRate === undefined ? {} : { sampleRate }),
      ...(pcm ? { pcm } : {}),
    });
    this.#saved(result);
  }

  /** Copies what was asked, as a program. */
  readonly copyAs = async (as: SnippetKind): Promise<void> => {
    const result = await this.#bridge.request('run.copy', { runId: this.#runId, as });
    this.#words = result.ok
      ? { text: result.data.said, bad: false }
      : { text: result.failure.message, bad: true };
  };

  /** The same for the decoded message, as JSON. */
  async saveOutput(): Promise<void> {
    this.#saved(await this.#bridge.request('output.save', { runId: this.#runId }));
  }

  /** What was said in the answer, as text or as subtitles. */
  async saveTranscript(text: string, as: 'txt' | 'srt' | 'vtt'): Promise<void> {
    this.#saved(await this.#bridge.request('transcript.save', { runId: this.#runId, text, as }));
  }

  #saved(result: Result<{ savedAs: string } | null>): void {
    if (!result.ok) this.#fail(result.failure);
    else if (result.data) this.#words = { text: `Saved as ${result.data.savedAs}`, bad: false };
  }

  async showInFolder(): Promise<void> {
    const result = await this.#bridge.request('run.showInFolder', { runId: this.#runId });
    if (!result.ok) this.#fail(result.failure);
  }

  /** Shows the file that the answer was saved as by itself. */
  async showSaved(): Promise<void> {
    const result = await this.#bridge.request('run.showSaved', { runId: this.#runId });
    if (!result.ok) this.#fail(result.failure);
  }

  /** `what` is named in the words: "Request id copied". */
  async copy(text: string, what: string): Promise<void> {
    const result = await this.#bridge.request('clipboard.write', { text });
    if (result.ok) this.#words = { text: `${what} copied`, bad: false };
    else this.#fail(result.failure);
  }

  #fail({ message }: Failure): void {
    this.#words = { text: message, bad: true };
  }
}
