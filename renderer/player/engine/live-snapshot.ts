import type { Peaks } from '../peaks.ts';
import type { FailReason, Gap, StreamFormat } from './engine-messages.ts';

/** Where playing stands. `stalled` is a gap: samples are missing. `head`: first bytes that told no format. */
export type LiveState =
  | { phase: 'opening' }
  | { phase: 'filling' }
  | { phase: 'playing' }
  | { phase: 'stalled' }
  | { phase: 'paused' }
  | { phase: 'ended' }
  | { phase: 'undecidable'; head: Uint8Array }
  | { phase: 'failed'; reason: FailReason };

/** Epoch milliseconds, null until it has happened. `outputLatencyMs` lies between the worklet and the ear. */
type LiveTimings = {
  firstByteAt: number | null;
  firstDecodableAt: number | null;
  firstSoundAt: number | null;
  firstAudible: { at: number; seconds: number } | null;
  outputLatencyMs: number | null;
};

/** All that a page shows of a player. Never changed once told. */
export type LiveSnapshot = {
  state: LiveState;
  format: StreamFormat | null;
  receivedBytes: number;
  /** Whether the whole answer has been read. */
  isComplete: boolean;
  decodedSeconds: number;
  playedSeconds: number;
  bufferedMs: number;
  /** The first of them, and how many there were. */
  underruns: { count: number; gaps: readonly Gap[] };
  peaks: Peaks | null;
  level: { peak: number; rms: number };
  timings: LiveTimings;
};

/** Before anything has come. */
export const empty: LiveSnapshot = {
  state: { phase: 'opening' },
  format: null,
  receivedBytes: 0,
  isComplete: false,
  decodedSeconds: 0,
  playedSeconds: 0,
  bufferedMs: 0,
  underruns: { count: 0, gaps: [] },
  peaks: null,
  level: { peak: 0, rms: 0 },
  timings: {
    firstByteAt: null,
    firstDecodableAt: null,
    firstSoundAt: null,
    firstAudible: null,
    outputLatencyMs: null,
  },
};
