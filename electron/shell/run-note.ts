import type { Landed } from '../core/invocation/in-flight.ts';

/** What the system is to say of a run that ended: never what was answered. Null for one that the user ended. */
export function noteOf({ state, preset, model, took }: Landed): {
  title: string;
  body: string;
} | null {
  if (state === 'cancelled') return null;
  const named = model.replace(/^demo:(.)/, (_, first: string) => `Demo: ${first.toUpperCase()}`);
  const title = preset ?? named;
  const ended = state === 'done' ? `Done in ${tookWords(took)}` : `Failed after ${tookWords(took)}`;
  return { title, body: preset === undefined ? ended : `${ended} · ${named}` };
}

function tookWords(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
