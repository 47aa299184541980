import type { StreamFacts } from '../../contract/run.ts';
import { firstSound } from '../audio/first-sound.ts';
import { Joined } from '../files/byte-source.ts';
import type { StoredPart } from '../runs/runs.ts';
import type { Arrivals } from './arrivals.ts';

type Stream = {
  arrivals: Arrivals;
  /** The sound that could be followed: the answer itself, or what its events carried. */
  sound: Pick<StoredPart, 'source' | 'pcm' | 'play'> | undefined;
  /** When the bytes of sound out of events came; else those of the sound are the answer's own. */
  ofSound?: Arrivals;
  /** Milliseconds from the run's start: the request's last byte sent, the answer's last byte received. */
  uploaded?: number;
  received?: number;
};

/** How a streamed answer came, and when it could first be heard: what there is to compare between models. */
export async function streamFacts(stream: Stream): Promise<StreamFacts> {
  const { arrivals, ofSound = arrivals, uploaded, received } = stream;
  const cadence = arrivals.cadence();
  // What plays begins with the bytes that came: of several files one behind the other, only it is as long as all of them.
  const { play } = stream.sound ?? {};
  const heard = play ? { source: new Joined(play) } : stream.sound;
  const sound = heard && (await firstSound(heard));
  const firstAudio = sound?.audioBytes === undefined ? undefined : ofSound.timeOf(sound.audioBytes);
  const firstAudible =
    sound?.audibleBytes === undefined ? undefined : ofSound.timeOf(sound.audibleBytes);
  const seconds = sound?.seconds;
  const isLong = seconds !== undefined && seconds > 0;
  return {
    ...(cadence ? { pieces: cadence.pieces, gapP50: cadence.p50, gapP95: cadence.p95 } : {}),
    ...(firstAudio === undefined ? {} : { firstAudio: Math.round(firstAudio) }),
    ...(firstAudible === undefined ? {} : { firstAudible: Math.round(firstAudible) }),
    ...(seconds === undefined ? {} : { soundSeconds: round(seconds) }),
    ...(isLong && uploaded !== undefined && received !== undefined
      ? { realTimeFactor: round((received - uploaded) / 1000 / seconds) }
      : {}),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
