import type { RunProgress } from '../../electron/contract/run.ts';
import { formatBytes } from './format.ts';

/** What a run is at, in words. `elapsed` is since its phase began, in milliseconds. */
export function runWords(
  { progress, decoded }: { progress: RunProgress | null; decoded: number | null },
  elapsed: number,
): string {
  if (decoded === null) return phaseWords(progress, elapsed);
  return `Decoding the file ${Math.floor(decoded * 100)} %`;
}

/** A run's phase in words, as in "Uploading 42 % · 3.1 MB/s". `elapsed` is since the phase began, in milliseconds. */
function phaseWords(progress: RunProgress | null, elapsed: number): string {
  switch (progress?.phase) {
    case undefined:
    case 'connecting':
      return 'Connecting';
    case 'queued':
      return 'Queued behind other runs';
    case 'uploading': {
      if (progress.toSend === 0) return 'Uploading';
      const percent = Math.floor((progress.sent / progress.toSend) * 100);
      const speed = elapsed > 500 ? ` · ${formatBytes((progress.sent / elapsed) * 1000)}/s` : '';
      return `Uploading ${percent} %${speed}`;
    }
    case 'waiting':
      return `Waiting for the model ${clock(elapsed)}`;
    case 'retrying':
      return retryWords(progress.retry);
    case 'receiving': {
      const whole = progress.toReceive ? ` of ${formatBytes(progress.toReceive)}` : '';
      return `Receiving ${formatBytes(progress.received)}${whole}`;
    }
    case 'decoding':
      return 'Decoding';
  }
}

/** The time on the wall is what main names, since the page's own clock begins elsewhere. */
function retryWords(retry: RunProgress['retry']): string {
  if (!retry) return 'Trying again';
  const seconds = Math.max(0, Math.ceil((retry.at - Date.now()) / 1000));
  const cause = retry.why === 'busy' ? 'Busy' : 'No connection';
  return `${cause}. Trying again in ${seconds} s · ${retry.attempt} of ${retry.of}`;
}

function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
