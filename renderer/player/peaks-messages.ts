import type { Peaks } from './peaks.ts';

/** What the page asks of the peaks worker. */
export type PeaksRequest = { url: string };

/** What a sound turned out to be, so far. */
export type Outline = {
  peaks: Peaks;
  /** Frames decoded so far. */
  frames: number;
  /** Hz */
  sampleRate: number;
  channels: number;
  /** Seconds: as the container says, and counted from decoded frames once `complete`. */
  duration: number;
  complete: boolean;
};

/** What the peaks worker tells the page, about ten times a second. */
export type PeaksReport = ({ type: 'peaks' } & Outline) | { type: 'undecodable' };
