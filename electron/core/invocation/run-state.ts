import type { PresetRef } from '../../contract/history.ts';
import type { Intent } from '../../contract/intent.ts';
import type { Live, Phase, Retry, RunOutcome, RunProgress, Timings } from '../../contract/run.ts';
import type { Sha256 } from '../files/sha256.ts';
import type { SliceableBytes } from '../files/byte-source.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import { SoundpostError, toFailure } from '../soundpost-error.ts';
import { Arrivals } from './arrivals.ts';
import type { Watch } from '../live/watch.ts';
import type { AnswerSink } from '../transport/answer-file.ts';
import type { Answer } from '../transport/answer.ts';

/** One run as it was asked for. */
export type Run = {
  runId: string;
  intent: Intent;
  signal: AbortSignal;
  onProgress: (progress: RunProgress) => void;
  /** The answer's large bytes are wanted elsewhere next: they get a file of their own, readable as any file. */
  sharesAnswer?: boolean;
  /** The preset it was made with. */
  preset?: PresetRef | undefined;
  /** What holds where the intent says nothing: the user's own defaults. */
  usual?: Pick<Intent, 'limits' | 'retries'>;
  /** Set when the answer is to be saved by itself once it came whole. */
  save?: { template?: string | undefined } | undefined;
  /** Given when the decoded message is to tell the SHA-256 of its bytes values. */
  hashes?: Sha256;
};

/** How often the page hears of bytes, in milliseconds: what an eye can follow. */
const PROGRESS_EVERY = 100;

/** What is known of a run while it goes on. */
export class RunState {
  url = '';
  /** The header as sent, while the run goes on. */
  authorization: string | undefined;
  toSend = 0;
  received = 0;
  toReceive: number | undefined;
  folder: RunFolder | undefined;
  answer: Answer | undefined;
  file: AnswerSink | undefined;
  /** The answer as it is to be read: as it came, or unpacked. */
  body: SliceableBytes | undefined;
  /** Where an answer that is streamed can be followed. */
  live: Live | undefined;
  /** Who judges it meanwhile. */
  watch: Watch | undefined;
  /** When its bytes came, in milliseconds from the run's start. */
  arrivals = new Arrivals();
  failure: unknown;
  #attempts = 1;
  #retry: Retry | undefined;
  #sent = 0;
  #phase: Phase = 'connecting';
  #told = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  readonly run: Run;
  readonly #startedAt = performance.now();
  #timings: Partial<Timings> = {};

  constructor(run: Run) {
    this.run = run;
  }

  readonly progress = (phase: Phase, sent: number): void => {
    this.#sent = sent;
    this.phase(phase);
  };

  readonly mark = (name: Exclude<keyof Timings, 'total'>): void => {
    this.#timings[name] = Math.round(this.elapsed());
  };

  get timings(): Partial<Timings> {
    return this.#timings;
  }

  /** Tells of the pause before another try. What the last one brought is still there until that begins. */
  pause(retry: Retry): void {
    this.#retry = retry;
    this.mark('paused');
    this.phase('retrying');
  }

  /** Another try: what the last one brought is forgotten. */
  async again(): Promise<void> {
    await this.folder?.forgetResponse();
    this.#retry = undefined;
    this.#attempts += 1;
    this.#sent = 0;
    this.received = 0;
    this.toReceive = undefined;
    this.answer = undefined;
    this.file = undefined;
    this.body = undefined;
    this.live = undefined;
    this.watch = undefined;
    this.arrivals = new Arrivals();
    this.#timings = { lastTry: Math.round(this.elapsed()) };
  }

  /** Tells of a new phase at once, and of bytes at most every tenth of a second, the last ones included. */
  phase(phase: Phase): void {
    const wait = phase === this.#phase ? this.#told + PROGRESS_EVERY - performance.now() : 0;
    this.#phase = phase;
    if (wait <= 0) this.#tell();
    else this.#timer ??= setTimeout(this.#tell, wait);
  }

  /** Tells at once what can be followed: a page that waits to play must not wait for the next tenth of a second. */
  offer(live: Partial<Live>): void {
    if (!this.live) return;
    this.live = { ...this.live, ...live };
    this.#tell();
  }

  readonly #tell = (): void => {
    this.quiet();
    this.#told = performance.now();
    this.run.onProgress({
      runId: this.run.runId,
      phase: this.#phase,
      sent: this.#sent,
      toSend: this.toSend,
      received: this.received,
      ...(this.toReceive === undefined ? {} : { toReceive: this.toReceive }),
      ...(this.live ? { live: this.live } : {}),
      ...(this.#retry === undefined ? {} : { retry: this.#retry }),
    });
  };

  /** Nothing is told after this, unless something new happens. */
  quiet(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The first failure counts; later ones are its consequences. */
  fail(error: unknown, log: (error: unknown) => void): void {
    if (!(error instanceof SoundpostError)) log(error);
    this.failure ??= error;
  }

  outcome(): Omit<RunOutcome, 'parts' | 'warnings'> {
    const isCancelled = this.failure instanceof SoundpostError && this.failure.code === 'cancelled';
    const { answer } = this;
    const requestId = answer?.header('x-baseten-request-id');
    return {
      runId: this.run.runId,
      state: this.failure === undefined ? 'done' : isCancelled ? 'cancelled' : 'failed',
      ...(this.failure === undefined ? {} : { failure: toFailure(this.failure) }),
      url: this.url,
      ...(answer ? { status: answer.status, statusText: answer.statusText } : {}),
      ...(requestId === undefined ? {} : { requestId }),
      sent: answer?.sent ?? this.#sent,
      received: this.received,
      ...(this.#attempts > 1 ? { attempts: this.#attempts } : {}),
      timings: { ...this.#timings, total: Math.round(this.elapsed()) },
      headers: answer?.headers ?? [],
    };
  }

  /** Milliseconds from the run's start. */
  elapsed(): number {
    return performance.now() - this.#startedAt;
  }
}
