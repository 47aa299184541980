import type { Failure } from '../../electron/contract/failure.ts';
import type { Input } from '../../electron/contract/sound.ts';

/** What the page asks of the samples worker: the sound at `url`, decoded and handed over under `uploadUrl`. */
export type SamplesRequest = { url: string; uploadUrl: string };

/** What it tells: how far it is, from 0 to 1, about ten times a second, and how it ended. */
export type SamplesReport =
  | { type: 'progress'; share: number }
  | { type: 'done'; input: Input }
  | { type: 'undecodable' }
  | { type: 'failed'; failure: Failure };
