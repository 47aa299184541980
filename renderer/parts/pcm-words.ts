import type { Pcm } from '../../electron/contract/intent.ts';
import { formatRate } from './format.ts';

/** The ways in which headerless samples are written, the usual ones first, in words. */
export const encodings: { value: Pcm['encoding']; label: string }[] = [
  { value: 's16le', label: '16-bit' },
  { value: 's16be', label: '16-bit, big-endian' },
  { value: 's24le', label: '24-bit' },
  { value: 's24be', label: '24-bit, big-endian' },
  { value: 's32le', label: '32-bit' },
  { value: 's32be', label: '32-bit, big-endian' },
  { value: 'f32le', label: '32-bit float' },
  { value: 'f32be', label: '32-bit float, big-endian' },
  { value: 'u8', label: '8-bit unsigned' },
  { value: 's8', label: '8-bit signed' },
  { value: 'mulaw', label: 'µ-law' },
  { value: 'alaw', label: 'A-law' },
];

/** As many as an answer may have. */
export const channelCounts = [1, 2, 3, 4, 5, 6, 7, 8];

/** "mono", "stereo", "6 channels". */
export function channelWords(channels: number): string {
  return ['', 'mono', 'stereo'][channels] ?? `${channels} channels`;
}

/** "16-bit, big-endian · 24 kHz mono". */
export function readingWords({ encoding, sampleRate, channels }: Pcm): string {
  const label = encodings.find(({ value }) => value === encoding)?.label ?? encoding;
  return `${label} · ${formatRate(sampleRate)} ${channelWords(channels)}`;
}

/** Whether a reading is one that answers and forms can name. */
export function isPcm(reading: Omit<Pcm, 'encoding'> & { encoding: string }): reading is Pcm {
  return encodings.some(({ value }) => value === reading.encoding);
}

/** Whether two readings are one. */
export function isSameReading(one: Pcm | null, other: Pcm | null): boolean {
  return (
    one?.encoding === other?.encoding &&
    one?.sampleRate === other?.sampleRate &&
    one?.channels === other?.channels
  );
}
