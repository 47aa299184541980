import type { Peaks } from '../peaks.ts';
import type { PcmReading } from './pcm.ts';

/** The shape in which sound reaches a worklet. `id` grows with each change. `sampleRate` in Hz. */
export type OutputFormat = { id: number; sampleRate: number; channels: number };

/** What the stream itself is. */
export type StreamFormat = { label: string; sampleRate: number; channels: number };

/** Page to worker. `seek` to Infinity is the newest sound. */
export type ToWorker =
  | { type: 'open'; url: string; pcm: PcmReading | null }
  | { type: 'output'; id: number; port: MessagePort }
  | { type: 'seek'; seconds: number }
  | { type: 'read-as'; pcm: PcmReading; seconds: number };

/** Why a stream could not be played. */
export type FailReason = 'gone' | 'unreachable' | 'damaged' | 'no-sound' | 'no-device';

/** What has been decoded so far. Times in epoch milliseconds; `decodedSeconds` from the start of the stream. */
export type Progress = {
  format: StreamFormat | null;
  receivedBytes: number;
  isComplete: boolean;
  decodedSeconds: number;
  /** The outline of all of it, when it has grown since the last time. */
  peaks: Peaks | null;
  /** When the first bytes were in the worker, and those that gave the first sound. */
  firstByteAt: number | null;
  firstDecodableAt: number | null;
};

/** Worker to page. */
export type FromWorker =
  | { type: 'needs-output'; format: OutputFormat }
  | { type: 'progress'; progress: Progress }
  | { type: 'moved'; seconds: number }
  | { type: 'undecidable'; head: Uint8Array }
  | { type: 'failed'; reason: FailReason };

/** Worker to worklet. A `flush` begins a turn: what follows it stands at `seconds` of the stream. */
export type ToWorklet =
  | { type: 'flush'; turn: number; seconds: number }
  | { type: 'sound'; planes: Float32Array<ArrayBuffer>[] }
  | { type: 'end' };

/** A place where samples were missing: seconds of the stream, and how long nothing could be played. */
export type Gap = { at: number; lastedMs: number };

/** Worklet to page, about twenty times a second. */
export type PlayoutReport = {
  phase: 'filling' | 'playing' | 'stalled' | 'ended';
  /** Seconds of the stream that have left the worklet. */
  seconds: number;
  bufferedMs: number;
  /** Of the last 50 ms or so, before the volume: full scale is 1. */
  level: { peak: number; rms: number };
  /** Those that ended since the last report. */
  gaps: Gap[];
  /** Epoch milliseconds at which frame 0 left the worklet, and the first sample above -50 dBFS with its place. */
  firstSoundAt: number | null;
  firstAudible: { at: number; seconds: number } | null;
};
