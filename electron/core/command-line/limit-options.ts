import type { Limits } from '../../contract/intent.ts';
import { wrong } from './choice.ts';

const timeouts = {
  timeout: 'total',
  'connect-timeout': 'connect',
  'first-byte-timeout': 'firstByte',
  'idle-timeout': 'idle',
} as const;
type Timeout = keyof typeof timeouts;

/** The limits that were given, in seconds. @throws SoundpostError `invalid_request` */
export function limits(values: { [option in Timeout]?: string }): Limits {
  const found: Limits = {};
  for (const option of Object.keys(timeouts) as Timeout[]) {
    const text = values[option];
    if (text === undefined) continue;
    const seconds = Number(text);
    if (!(seconds >= 0.001 && seconds <= 2_000_000)) {
      throw wrong(`--${option} is a number of seconds greater than 0, at most 2000000.`);
    }
    found[timeouts[option]] = seconds;
  }
  return found;
}

/** @throws SoundpostError `invalid_request` */
export function retries(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text) && Number(text) <= 20) return Number(text);
  throw wrong('--retries is a whole number from 0 to 20.');
}
