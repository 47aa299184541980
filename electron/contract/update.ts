import type { Failure } from './failure.ts';

/** A newer Soundpost; its notes are plain text. */
export type Release = { version: string; notes: string };

/** What is known of newer versions, and what is being done about one. */
export type UpdateState =
  /** This build was told of no place for updates. */
  | { phase: 'none' }
  /** Nothing newer is known; `lookedAt` is ISO 8601. */
  | { phase: 'idle'; lookedAt?: string }
  | { phase: 'checking' }
  | { phase: 'offered'; release: Release }
  /** `share` is between 0 and 1. */
  | { phase: 'downloading'; release: Release; share: number }
  /** Downloaded and checked. `onQuit`: the user said that it is to be installed then. */
  | { phase: 'ready'; release: Release; onQuit: boolean }
  /** With a release: its download failed. */
  | { phase: 'failed'; failure: Failure; release?: Release };
