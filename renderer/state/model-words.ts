import type { ModelList } from '../../electron/contract/model.ts';

/** That a list is not of now, and why; empty when it is. */
export function asOfWords({ problem, asOf }: ModelList): string {
  if (!problem || asOf === null) return '';
  const at = new Date(asOf);
  const isToday = at.toDateString() === new Date().toDateString();
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const when = isToday ? time : `${at.toLocaleDateString()}, ${time}`;
  return `As of ${when}. ${problem.message}`;
}
