import { SampleBytes } from '../audio/samples.ts';
import type { NumpyArray } from '../codec/numpy.ts';
import { FileSlice } from '../files/byte-source.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { pathOf } from './literal.ts';

/** The items of a WAV as numpy names them, and their full scale; of floats none. */
const encodings: Record<string, { dtype: string; scale?: number; zero?: number } | undefined> = {
  'pcm 1': { dtype: 'u1', scale: 128, zero: 128 },
  'pcm 2': { dtype: '<i2', scale: 32_768 },
  'pcm 4': { dtype: '<i4', scale: 2_147_483_648 },
  'float 4': { dtype: '<f4' },
  'float 8': { dtype: '<f8' },
};

/**
 * The expression that reads a WAV's samples with numpy and makes of them what Soundpost sends.
 * @throws SoundpostError `invalid_request` where they would not be the same
 */
export function samplesInPython({ data }: NumpyArray): string {
  const conversion = data instanceof SampleBytes ? data.conversion : null;
  if (!conversion || !(conversion.file instanceof FileSlice)) {
    throw new TypeError('a request holds no other arrays');
  }
  const { file, sound, travel } = conversion;
  if (sound.sampleRate !== travel.sampleRate) {
    throw unlike(
      `at ${travel.sampleRate} Hz, and its file has ${sound.sampleRate} Hz: no two programs resample alike. Convert the file first, or choose its own rate`,
    );
  }
  const from = encodings[`${sound.encoding} ${sound.bytesPerSample}`];
  if (!from) throw unlike('of a kind of WAV that numpy has no type for. Convert it to 16 bits');
  const { channels } = sound;
  const count = sound.frames * channels;
  const raw = `np.fromfile(${pathOf(file)}, "${from.dtype}", ${count}, offset=${sound.dataAt})`;
  const isMixed = travel.shape === 'mono' && channels > 1;
  const rows = travel.shape === 'mono' && channels === 1 ? raw : `${raw}.reshape(-1, ${channels})`;
  if (travel.dtype === 'int16' && from.dtype === '<i2' && !isMixed) return turned(rows);
  let floats = rows;
  if (from.scale !== undefined) {
    const centred = from.zero === undefined ? rows : `(${rows} - ${from.zero}.0)`;
    floats = `(${centred} / ${from.scale}.0).astype("<f4")`;
  } else if (from.dtype !== '<f4') floats = `${rows}.astype("<f4")`;
  if (isMixed) floats = `${floats}.mean(axis=1, dtype="f8").astype("<f4")`;
  if (travel.dtype === 'float32') return turned(floats);
  // Rounded as JavaScript rounds, halves up.
  const rounded = `np.floor(${floats}.astype("f8") * 32768 + 0.5)`;
  return turned(`${rounded}.clip(-32768, 32767).astype("<i2")`);

  function turned(expression: string): string {
    return travel.shape === 'channels-frames' ? `${expression}.T` : expression;
  }
}

const unlike = (why: string): SoundpostError =>
  new SoundpostError('invalid_request', `The samples can’t be written in Python: they are ${why}.`);
