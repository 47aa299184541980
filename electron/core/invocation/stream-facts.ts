import type { StreamFacts } from '../../contract/run.ts';
import { firstSound } from '../audio/first-sound.ts';
import type { StoredPart } from '../runs/runs.ts';
import type { Arrivals } from './arrivals.ts';

type Stream = {
  arrivals: Arrivals;
  /** The answer's one part, when all the answer is that part. */
  part: StoredPart | undefined;
  /** Milliseconds from the run's start: the request's last byte sent, the answer's last byte received. */
  uploaded?: number;
  received?: number;
};

/** How a streamed answer came, and when it could first be heard: what there is to compare between models. */
export async function streamFacts(stream: Stream): Promise<StreamFacts> {
  const { arrivals, part, uploaded, received } = stream;
  const cadence = arrivals.cadence();
  const sound = part ? await firstSound(part) : null;
  const firstAudio = sound ? arrivals.timeOf(sound.audioBytes) : undefined;
  const firstAudible =
    sound?.audibleBytes === undefined ? undefined : arrivals.timeOf(sound.audibleBytes);
  const seconds = sound?.seconds;
  return {
    ...(cadence ? { pieces: cadence.pieces, gapP50: cadence.p50, gapP95: cadence.p95 } : {}),
    ...(firstAudio === undefined ? {} : { firstAudio: Math.round(firstAudio) }),
    ...(firstAudible === undefined ? {} : { firstAudible: Math.round(firstAudible) }),
    ...(seconds === undefined ? {} : { soundSeconds: round(seconds) }),
    ...(seconds !== undefined && uploaded !== undefined && received !== undefined
      ? { realTimeFactor: round((received - uploaded) / 1000 / seconds) }
      : {}),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
