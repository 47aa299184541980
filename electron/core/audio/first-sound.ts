import type { Pcm } from '../../contract/intent.ts';
import type { Kind } from '../../contract/sound.ts';
import { Joined, type ByteSource } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { firstFrame, id3Length } from './mpeg-frame.ts';
import { wavOfPcm } from './pcm.ts';
import { findWavSound, readFrames, type WavSound } from './wav-read.ts';

/** −50 dBFS: softer than any speech, louder than the noise of a quiet recording. */
const AUDIBLE = 10 ** (-50 / 20);
/** Frames looked at at once. */
const BLOCK = 16_384;
const FRAME_HEAD_BYTES = 16 * 1024;

/** Where sound begins among a part's bytes. Offsets count from its first byte. */
export type FirstSound = {
  /** So many bytes must have come before anything can be heard: headers and the first frame. */
  audioBytes: number;
  /** The same for the first sample above −50 dBFS. Absent when there is none, or when it can't be told without decoding. */
  audibleBytes?: number;
  /** The length of all of it. Absent when it can't be told without decoding. */
  seconds?: number;
};

type Part = { source: ByteSource; kind: Kind; pcm?: Pcm };

/** Null for what is no sound, and for formats whose first frame only a decoder finds. */
export async function firstSound({ source, kind, pcm }: Part): Promise<FirstSound | null> {
  if (pcm) {
    const [header, samples] = wavOfPcm(source, pcm);
    if (!header || !samples || samples.size === 0) return null;
    const wav = new Joined([header, samples]);
    return ofWav(wav, await findWavSound(wav), header.size);
  }
  if (kind.format === 'wav') {
    const sound = await plainWav(source);
    return sound && ofWav(source, sound, 0);
  }
  if (kind.format !== 'mp3' && kind.format !== 'aac') return null;
  const tag = id3Length(await source.read(0, 10));
  const frame = firstFrame(await source.read(tag, FRAME_HEAD_BYTES));
  return frame && { audioBytes: tag + frame.length };
}

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
