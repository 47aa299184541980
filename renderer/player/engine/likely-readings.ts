import type { PcmReading } from './pcm.ts';
export function likelyReadings(_head: Uint8Array, given: PcmReading): PcmReading[] {
  return [given];
}
