import type { ApprovedHost } from '../../contract/settings.ts';
import type { HostDecision, HostQuestion } from './authorization.ts';

type Ask = (question: HostQuestion) => Promise<HostDecision>;

/** What is remembered of a decision; null for nothing. Without a key is remembered only where there was none to send. */
export function approvedBy(
  { origin, key }: HostQuestion,
  decision: HostDecision,
): ApprovedHost | null {
  if (decision === 'cancel') return null;
  if (key === null) return { origin, key };
  return decision === 'send-key' ? { origin, key: { id: key.id, last4: key.last4 } } : null;
}

/** Runs that wait for the same question share its answer. */
export function askOnce(ask: Ask): Ask {
  const open = new Map<string, Promise<HostDecision>>();
  return (question) => {
    const about = JSON.stringify(question);
    const asked = open.get(about) ?? ask(question).finally(() => open.delete(about));
    open.set(about, asked);
    return asked;
  };
}
