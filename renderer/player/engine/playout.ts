import type { Gap, PlayoutReport } from './engine-messages.ts';
import { softLimit } from './soft-limit.ts';

/** The cushion doubles with each gap, up to this. Seconds. */
const CUSHION_LIMIT = 1;
/** With so much there is no reason to wait for the network to show its pace. Seconds. */
const PLENTY = 2;
/** Nothing starts with a click: the very first samples rise in 5 ms, those around a gap fall and rise in 3 ms. */
const FIRST_RAMP = 0.005;
const GAP_RAMP = 0.003;
/** -50 dBFS: below it sound is not heard as such. */
const AUDIBLE = 10 ** (-50 / 20);

/**
 * The queue between a decoder and the sound device. Samples leave it in order, none twice and none left out; only those
 * within 3 ms of a gap, or of a queue that nearly ran empty, and the first 5 ms of a turn, are made quieter. All others are
 * bit for bit as they came, up to where the limiter begins.
 */
export class Playout {
  readonly #sampleRate: number;
  readonly #now: () => number;
  #cushion: number;
  #phase: PlayoutReport['phase'] = 'filling';
  #blocks: Float32Array[][] = [];
  /** Frames of the first block that have been played; frames in the queue; frames played in this turn. */
  #offset = 0;
  #available = 0;
  #played = 0;
  #from = 0;
  #isAll = false;
  /** Frames since the first of the queue came, while filling. */
  #waited = 0;
  #gain = 0;
  #ramp: number;
  #gap: Gap | null = null;
  #gaps: Gap[] = [];
  #firstSoundAt: number | null = null;
  #firstAudible: { at: number; seconds: number } | null = null;
  #peak = 0;
  #energy = 0;
  #metered = 0;

  /** `sampleRate` in Hz; `cushion`: seconds that must be there before sound begins; `now` in epoch milliseconds. */
  constructor(sampleRate: number, cushion: number, now: () => number) {
    this.#sampleRate = sampleRate;
    this.#cushion = cushion;
    this.#now = now;
    this.#ramp = FIRST_RAMP * sampleRate;
  }

  /** Frames of this turn that have left the queue. */
  get played(): number {
    return this.#played;
  }

  /** Takes the next sound: one array a channel. */
  add(planes: Float32Array[]): void {
    this.#blocks.push(planes);
    this.#available += planes[0]?.length ?? 0;
  }

  /** All has been added: what is left is played to its last sample. */
  end(): void {
    this.#isAll = true;
  }

  /** Forgets the queue; what is added next stands at `seconds` of the stream. */
  flush(seconds: number): void {
    this.#closeGap();
    this.#phase = 'filling';
    this.#blocks = [];
    this.#offset = 0;
    this.#available = 0;
    this.#played = 0;
    this.#from = seconds;
    this.#isAll = false;
    this.#waited = 0;
    this.#gain = 0;
    this.#ramp = FIRST_RAMP * this.#sampleRate;
  }

  /** Fills the next frames of the output: with sound, or with silence while there is none to play. */
  render(output: Float32Array[]): void {
    const frames = output[0]?.length ?? 0;
    if (this.#phase === 'filling' || this.#phase === 'stalled') this.#fill(frames);
    if (this.#phase !== 'playing') return;
    const taken = Math.min(frames, this.#available);
    this.#copy(output, taken);
    this.#fade(output, taken);
    for (const plane of output) softLimit(plane);
    this.#measure(output, taken);
    this.#played += taken;
    if (taken < frames || (this.#isAll && this.#available === 0)) this.#runDry(frames - taken);
  }

  /** Since the last report. */
  report(): PlayoutReport {
    const rms = this.#metered === 0 ? 0 : Math.sqrt(this.#energy / this.#metered);
    const report = {
      phase: this.#phase,
      seconds: this.#seconds,
      bufferedMs: (this.#available / this.#sampleRate) * 1000,
      level: { peak: this.#peak, rms },
      gaps: this.#gaps,
      firstSoundAt: this.#firstSoundAt,
      firstAudible: this.#firstAudible,
    };
    this.#gaps = [];
    this.#peak = 0;
    this.#energy = 0;
    this.#metered = 0;
    return report;
  }

  get #seconds(): number {
    return this.#from + this.#played / this.#sampleRate;
  }

  /**
   * Sound begins when the cushion is there, and half its time has passed since the first of it came: a decoder that gives a
   * second at once, at the pace of the sound, would otherwise run dry just before its next second.
   */
  #fill(frames: number): void {
    if (this.#available > 0) this.#waited += frames;
    const seconds = this.#available / this.#sampleRate;
    const hasWaited = this.#waited >= (this.#cushion / 2) * this.#sampleRate;
    if (!this.#isAll && seconds < PLENTY && !(seconds >= this.#cushion && hasWaited)) {
      if (this.#gap) this.#gap.lastedMs += (frames / this.#sampleRate) * 1000;
      return;
    }
    this.#phase = this.#available > 0 ? 'playing' : 'ended';
    this.#waited = 0;
    this.#closeGap();
  }

  #runDry(missing: number): void {
    this.#gain = 0;
    if (this.#isAll) {
      this.#phase = 'ended';
      return;
    }
    this.#phase = 'stalled';
    this.#ramp = GAP_RAMP * this.#sampleRate;
    this.#gap = { at: this.#seconds, lastedMs: (missing / this.#sampleRate) * 1000 };
    this.#cushion = Math.min(Math.max(CUSHION_LIMIT, this.#cushion), this.#cushion * 2);
  }

  #closeGap(): void {
    if (this.#gap) this.#gaps.push(this.#gap);
    this.#gap = null;
  }

  #copy(output: Float32Array[], frames: number): void {
    for (let at = 0; at < frames;) {
      const [block] = this.#blocks;
      const length = block?.[0]?.length ?? 0;
      const count = Math.min(frames - at, length - this.#offset);
      for (const [channel, plane] of output.entries()) {
        const own = block?.[channel];
        if (own) plane.set(own.subarray(this.#offset, this.#offset + count), at);
      }
      at += count;
      this.#offset += count;
      if (this.#offset === length) {
        this.#blocks.shift();
        this.#offset = 0;
      }
    }
    this.#available -= frames;
  }

  /** Gain rises by the ramp, and is never more than what is left in the queue allows for falling to nothing. */
  #fade(output: Float32Array[], frames: number): void {
    const gapRamp = GAP_RAMP * this.#sampleRate;
    if (this.#gain === 1 && (this.#isAll || this.#available >= gapRamp)) return;
    for (let frame = 0; frame < frames; frame += 1) {
      const left = this.#isAll ? gapRamp : this.#available + frames - 1 - frame;
      this.#gain = Math.min(1, this.#gain + 1 / this.#ramp, left / gapRamp);
      for (const plane of output) plane[frame] = (plane[frame] ?? 0) * this.#gain;
    }
    if (this.#gain === 1) this.#ramp = gapRamp;
  }

  #measure(output: Float32Array[], frames: number): void {
    this.#firstSoundAt ??= this.#now();
    for (const plane of output) {
      for (let frame = 0; frame < frames; frame += 1) {
        const sample = Math.abs(plane[frame] ?? 0);
        if (sample > this.#peak) this.#peak = sample;
        if (sample > AUDIBLE && !this.#firstAudible) this.#hear(frame);
        this.#energy += sample * sample;
      }
    }
    this.#metered += frames * output.length;
  }

  #hear(frame: number): void {
    const seconds = frame / this.#sampleRate;
    this.#firstAudible = { at: this.#now() + seconds * 1000, seconds: this.#seconds + seconds };
  }
}
