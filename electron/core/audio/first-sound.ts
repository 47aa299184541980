import type { Pcm } from '../../contract/intent.ts';
import { Joined, type ByteSource } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { containerSeconds } from './container-length.ts';
import { flacSeconds } from './flac-length.ts';
import { kindOf } from './kind.ts';
import { mpegSound } from './mpeg-length.ts';
import { oggSound } from './ogg-length.ts';
import { wavOfPcm } from './pcm.ts';
import { findWavSound, readFrames, type WavSound } from './wav-read.ts';

/** −50 dBFS: softer than any speech, louder than the noise of a quiet recording. */
const AUDIBLE = 10 ** (-50 / 20);
/** Frames looked at at once. */
const BLOCK = 16_384;

/** Where sound begins among a part's bytes. Offsets count from its first byte. */
export type FirstSound = {
  /** So many bytes must have come before anything can be heard: headers and the first frame. Absent where only a decoder finds it. */
  audioBytes?: number;
  /** The same for the first sample above −50 dBFS. Absent when there is none, or when it can't be told without decoding. */
  audibleBytes?: number;
  /** The length of all of it. Absent when it can't be told without decoding. */
  seconds?: number;
};

/** Null for what is no sound, and for formats whose first frame only a decoder finds. */
export async function firstSound({
  source,
  pcm,
}: {
  source: ByteSource;
  pcm?: Pcm;
}): Promise<FirstSound | null> {
  if (pcm) {
    const [header, samples] = wavOfPcm(source, pcm);
    if (!header || !samples || samples.size === 0) return null;
    const wav = new Joined([header, samples]);
    return ofWav(wav, await findWavSound(wav), header.size);
  }
  const { format } = await kindOf(source);
  switch (format) {
    case 'wav': {
      const sound = await plainWav(source);
      return sound && ofWav(source, sound, 0);
    }
    case 'mp3':
    case 'aac':
      return mpegSound(source);
    case 'ogg':
      return oggSound(source);
    case 'flac':
      return ofLength(await flacSeconds(source));
    case 'mp4':
    case 'webm':
      return ofLength(await containerSeconds(source));
    default:
      return null;
  }
}

const ofLength = (seconds: number | null): FirstSound | null =>
  seconds === null ? null : { seconds };

/** Null for a WAV whose samples are compressed, or were cut off before they began. */
async function plainWav(source: ByteSource): Promise<WavSound | null> {
  try {
    return await findWavSound(source);
  } catch (error) {
    if (error instanceof SoundpostError) return null;
    throw error;
  }
}

/** `ours`: how many bytes of header stand before the part's own bytes. */
async function ofWav(wav: ByteSource, sound: WavSound, ours: number): Promise<FirstSound | null> {
  if (sound.frames === 0) return null;
  const endOf = (frame: number): number =>
    sound.dataAt - ours + (frame + 1) * sound.bytesPerSample * sound.channels;
  const audible = await firstAudible(wav, sound);
  return {
    audioBytes: endOf(0),
    ...(audible === null ? {} : { audibleBytes: endOf(audible) }),
    seconds: sound.frames / sound.sampleRate,
  };
}

async function firstAudible(wav: ByteSource, sound: WavSound): Promise<number | null> {
  for (let first = 0; first < sound.frames; first += BLOCK) {
    const planes = await readFrames(wav, sound, first, Math.min(BLOCK, sound.frames - first));
    const found = planes
      .map((plane) => plane.findIndex((sample) => Math.abs(sample) > AUDIBLE))
      .filter((index) => index >= 0);
    if (found.length > 0) return first + Math.min(...found);
  }
  return null;
}
