import type {
  FailReason,
  FromWorker,
  OutputFormat,
  PlayoutReport,
  Progress,
  ToWorker,
} from './engine-messages.ts';
import { EngineSpare } from './engine-spare.ts';
import { LiveOutput } from './live-output.ts';
import { empty, type LiveSnapshot, type LiveState } from './live-snapshot.ts';
import type { PcmReading } from './pcm.ts';

export type { LiveSnapshot, LiveState } from './live-snapshot.ts';

export type LiveOptions = {
  /** Of the growing answer; see `LiveSource`. */
  url: string;
  /** How to read bytes that say nothing of themselves. */
  pcm?: PcmReading;
  /** Milliseconds of sound that must be there before it begins. */
  cushionMs?: number;
  /** Made beforehand, so that the first sound comes sooner. It is the player's from then on. */
  spare?: EngineSpare | undefined;
  /** Told of every change, about twenty times a second while it plays. */
  tell: (snapshot: LiveSnapshot) => void;
};

/** Covers the gaps between network packets and the device's own buffer, and is not felt as waiting. */
const CUSHION_MS = 80;
const FIRST_VOLUME = 0.6;
const GAPS_KEPT = 200;

/**
 * Plays an answer while it arrives. A worker pulls and decodes, a worklet plays, and sound goes between them past the page,
 * whose thread may be busy for as long as it likes.
 */
export class LivePlayer {
  readonly #options: LiveOptions;
  #snapshot = empty;
  #worker: Worker | null = null;
  #output: LiveOutput | null = null;
  #warm: Promise<AudioContext | null> = Promise.resolve(null);
  /** The next outputs, each of which waits until the one before has played all it was given. */
  readonly #next: OutputFormat[] = [];
  #isSwitching = false;
  #isPaused = false;
  #isClosed = false;
  #volume = FIRST_VOLUME;
  #isMuted = false;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  get snapshot(): LiveSnapshot {
    return this.#snapshot;
  }

  /** The last node before the device, and null until there is sound. Another one when the rate changes. */
  get output(): AudioNode | null {
    return this.#output?.node ?? null;
  }

  /** Begins to pull, and to play as soon as the cushion is there. @throws when the page's CSP forbids the worker */
  start(): void {
    if (this.#worker) return;
    const { url, pcm, spare = new EngineSpare(pcm?.sampleRate) } = this.#options;
    this.#worker = spare.worker;
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      this.#hear(data);
    });
    this.#worker.addEventListener('error', () => {
      this.#fail('damaged');
    });
    this.#warm = spare.context;
    this.#post({ type: 'open', url: new URL(url, location.href).href, pcm: pcm ?? null });
  }

  /** Stops the sound where it is; the answer goes on arriving. */
  async pause(): Promise<void> {
    if (this.#isPaused || this.#isOver || this.#snapshot.state.phase === 'ended') return;
    this.#isPaused = true;
    await this.#output?.suspend();
    this.#change({ state: this.#stateOf('filling'), level: empty.level });
  }

  async resume(): Promise<void> {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    await this.#output?.resume();
    this.#change({ state: this.#stateOf('filling') });
  }

  /** Goes on at `seconds`, or at the newest sound when less than that has arrived. */
  seek(seconds: number): void {
    if (this.#isOver) return;
    this.#post({ type: 'seek', seconds: Math.max(0, seconds) });
  }

  /** Goes on at the newest sound. */
  toLive(): void {
    this.seek(Infinity);
  }

  /** Between 0 and 1. */
  setVolume(volume: number): void {
    this.#volume = Math.min(1, Math.max(0, volume));
    this.#applyVolume();
  }

  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.#applyVolume();
  }

  /** Reads the bytes as `pcm` from now on, whatever they seemed to be, and goes on at the same second. */
  reinterpret(pcm: PcmReading): void {
    const { playedSeconds, state } = this.#snapshot;
    if (state.phase === 'failed' && state.reason === 'no-device') return;
    this.#change({ state: { phase: 'filling' }, peaks: null, format: null });
    this.#post({ type: 'read-as', pcm, seconds: playedSeconds });
  }

  /** Ends sound and pulling for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#next.length = 0;
    if (!this.#worker) await this.#options.spare?.close();
    this.#worker?.terminate();
    const warm = await this.#warm;
    if (warm && warm.state !== 'closed') await warm.close();
    await this.#output?.close();
  }

  get #loudness(): number {
    return this.#isMuted ? 0 : this.#volume;
  }

  get #isOver(): boolean {
    return ['undecidable', 'failed'].includes(this.#snapshot.state.phase);
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case 'needs-output':
        this.#next.push(message.format);
        if (!this.#output) void this.#switchOutput();
        break;
      case 'progress':
        this.#takeProgress(message.progress);
        break;
      case 'moved':
        this.#change({ playedSeconds: message.seconds });
        break;
      case 'undecidable':
        this.#change({ state: { phase: 'undecidable', head: message.head } });
        break;
      case 'failed':
        this.#fail(message.reason);
        break;
    }
  }

  #takeProgress({ firstByteAt, firstDecodableAt, peaks, ...rest }: Progress): void {
    const timings = { ...this.#snapshot.timings, firstByteAt, firstDecodableAt };
    this.#change({ ...rest, timings, peaks: peaks ?? this.#snapshot.peaks });
  }

  async #switchOutput(): Promise<void> {
    const format = this.#next[0];
    if (!format || this.#isSwitching) return;
    this.#isSwitching = true;
    this.#next.shift();
    try {
      await this.#output?.finish();
      await this.#openOutput(format);
    } catch {
      this.#fail('no-device');
    }
    this.#isSwitching = false;
  }

  async #openOutput(format: OutputFormat): Promise<void> {
    const options = {
      cushion: (this.#options.cushionMs ?? CUSHION_MS) / 1000,
      volume: () => this.#loudness,
      report: (report: PlayoutReport) => {
        if (this.#output === output) this.#takeReport(report);
      },
    };
    const output = await LiveOutput.open(format, options, await this.#takeWarm());
    this.#output = output;
    // Told before there is sound in it, so that whoever taps it misses none.
    this.#change({});
    if (this.#isClosed) await output.close();
    else if (this.#isPaused) await output.suspend();
    else if (output.isSuspended) void output.resume();
    const port = output.feed();
    this.#post({ type: 'output', id: format.id, port }, [port]);
  }

  async #takeWarm(): Promise<AudioContext | null> {
    const warm = await this.#warm;
    this.#warm = Promise.resolve(null);
    return warm;
  }

  #takeReport(report: PlayoutReport): void {
    if (this.#isSwitching) return;
    if (this.#next.length > 0 && report.phase === 'ended') {
      void this.#switchOutput();
      return;
    }
    const { timings, underruns } = this.#snapshot;
    const latency = this.#output?.latency ?? 0;
    this.#change({
      state: this.#isOver ? this.#snapshot.state : this.#stateOf(report.phase),
      playedSeconds: report.seconds,
      bufferedMs: report.bufferedMs,
      level: report.level,
      underruns: {
        count: underruns.count + report.gaps.length,
        gaps: [...underruns.gaps, ...report.gaps].slice(0, GAPS_KEPT),
      },
      timings: {
        ...timings,
        firstSoundAt: timings.firstSoundAt ?? report.firstSoundAt,
        firstAudible: timings.firstAudible ?? report.firstAudible,
        outputLatencyMs: report.firstSoundAt === null ? null : latency * 1000,
      },
    });
  }

  #stateOf(phase: PlayoutReport['phase']): LiveState {
    return this.#isPaused && phase !== 'ended' ? { phase: 'paused' } : { phase };
  }

  #applyVolume(): void {
    if (this.#output) this.#output.volume = this.#loudness;
  }

  #fail(reason: FailReason): void {
    this.#change({ state: { phase: 'failed', reason } });
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  #change(change: Partial<LiveSnapshot>): void {
    if (this.#isClosed) return;
    this.#snapshot = { ...this.#snapshot, ...change };
    this.#options.tell(this.#snapshot);
  }
}
