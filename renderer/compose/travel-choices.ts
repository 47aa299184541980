import type { Intent, Travel } from '../../electron/contract/intent.ts';

type Choice = { value: Travel['as']; label: string };

const automatic: Record<Intent['body'], string> = {
  msgpack: 'bytes',
  json: 'base64',
  multipart: 'a file',
  raw: 'the body',
};

const others: Record<Intent['body'], Choice[]> = {
  msgpack: [
    { value: 'base64', label: 'base64' },
    { value: 'data-uri', label: 'data URI' },
    { value: 'samples', label: 'samples' },
  ],
  json: [{ value: 'data-uri', label: 'data URI' }],
  multipart: [
    { value: 'base64', label: 'base64' },
    { value: 'data-uri', label: 'data URI' },
  ],
  raw: [],
};

const labels: Record<Travel['as'], string> = {
  auto: 'automatic',
  bytes: 'bytes',
  base64: 'base64',
  'data-uri': 'data URI',
  samples: 'samples',
};

/** The ways a file can go into a body, the body's own first; the present one too, when it fits another body alone. */
export function travelChoices(body: Intent['body'], present: Travel['as']): Choice[] {
  const fitting: Choice[] = [{ value: 'auto', label: automatic[body] }, ...others[body]];
  if (fitting.some(({ value }) => value === present)) return fitting;
  return [...fitting, { value: present, label: labels[present] }];
}
