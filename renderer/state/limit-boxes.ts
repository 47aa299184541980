import type { Limits } from '../../electron/contract/intent.ts';
import type { Settings } from '../../electron/contract/settings.ts';

type LimitBox = {
  key: keyof Limits | 'retries';
  label: string;
  /** What holds while the box is empty: core's defaults (transport/deadline.ts, transport/retry.ts). */
  usual: string;
  title: string;
  unit: string;
};

/** The boxes for a run's time limits and tries. */
export const limitBoxes: readonly LimitBox[] = [
  { key: 'connect', label: 'Connect', usual: '30', title: 'Until a connection stands', unit: 's' },
  {
    key: 'firstByte',
    label: 'First byte',
    usual: '1260',
    title: 'From the last byte sent to the answer’s first; a cold start is waited for in here',
    unit: 's',
  },
  {
    key: 'idle',
    label: 'Silence',
    usual: '600',
    title: 'Without a byte of the answer; 120 while sending',
    unit: 's',
  },
  { key: 'total', label: 'Whole run', usual: 'none', title: 'With all its tries', unit: 's' },
  {
    key: 'retries',
    label: 'Further tries',
    usual: '4',
    title: 'By itself, when the server is busy (429, 503); when nothing could be sent, 2',
    unit: '',
  },
];

/** What holds for an empty box of a request: the settings' own, else Soundpost's. */
export function usualOf({ key, usual }: LimitBox, { limits, retries }: Settings): string {
  const own = key === 'retries' ? retries : limits[key];
  return own === undefined ? usual : String(own);
}
