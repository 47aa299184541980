import type { ApprovedHost, KeyMark } from '../../contract/settings.ts';
import type { KeptSettings } from './kept-settings.ts';

/** What the user allowed, also in a file of before it was kept which key was meant: such a host is known, and may have none. */
export function approvedIn({
  approvedHosts = [],
  approvedOrigins = [],
}: Pick<KeptSettings, 'approvedHosts' | 'approvedOrigins'>): ApprovedHost[] {
  const known = new Set(approvedHosts.map(({ origin }) => origin));
  const older = approvedOrigins.filter((origin) => !known.has(origin));
  return [...approvedHosts, ...older.map((origin) => ({ origin, key: { id: null, last4: '' } }))];
}

/** Whether a host was allowed for this very key, or for none: one that may have a key may be asked without it. */
export function isApprovedFor(hosts: ApprovedHost[], origin: string, key: KeyMark | null): boolean {
  return hosts.some((host) => {
    if (host.origin !== origin) return false;
    if (key === null) return true;
    return host.key !== null && isSameKey(host.key, key);
  });
}

/** A key that was not kept when it was asked about may have been kept since, so its last characters tell it. */
function isSameKey(approved: KeyMark, key: KeyMark): boolean {
  if (approved.last4 === '' || approved.last4 !== key.last4) return false;
  return approved.id === null || approved.id === key.id;
}

export const isSameHost = (one: ApprovedHost, other: ApprovedHost): boolean =>
  one.origin === other.origin &&
  (one.key?.last4 === '' || (one.key?.id === other.key?.id && one.key?.last4 === other.key?.last4));
