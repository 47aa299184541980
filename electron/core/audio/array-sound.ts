import type { Kind } from '../../contract/sound.ts';
import { readItems } from '../codec/numpy-items.ts';
import { NumpyScalar, type NumpyArray } from '../codec/numpy.ts';
import type { Dictionary } from '../codec/value.ts';
import { Float, type Value } from '../codec/value.ts';

/** How the items of a numpy array are heard. `sampleRate` in Hz. */
export type ArraySound = {
  /** numpy's string: kind, bytes an item and byte order decide how one is read. */
  dtype: string;
  shape: readonly number[];
  isLittleEndian: boolean;
  channels: number;
  frames: number;
  /** A frame's channels lie side by side, or one channel after the other. */
  layout: 'frames' | 'planes';
  sampleRate: number;
};

/** What most speech models make. */
const USUAL_RATE = 24_000;
const MOST_CHANNELS = 8;
/** With a rate nearby a tenth of a second is sound; a vector of 768 beside one is not. */
const SHORTEST_SECONDS = 0.1;
/** Without a rate it takes more than an embedding has: the common ones end at 4,096. */
const FEWEST_FRAMES = 4800;

const kindsWithRate = /^[<>=|]?(f2|f4|f8|i1|i2|i4|u1)$/;
/** Labels, masks and token ids are integers too, so without a rate nearby only the usual kinds of samples are sound. */
const kindsWithout = /^[<>=|]?(f2|f4|f8|i2)$/;

/**
 * How an array can be heard, or null when it can't be sound. Leading axes of 1 don't count; then it is one channel, or
 * two axes of which the shorter, at most 8, is the channels. `rate` is what stands near it in its message.
 */
export async function soundOfArray(
  { dtype, shape, data }: NumpyArray,
  rate: Value | undefined,
): Promise<ArraySound | null> {
  const said = await rateOf(rate);
  const { descr, isLittleEndian } = dtype;
  const kinds = said === null ? kindsWithout : kindsWithRate;
  if (typeof descr !== 'string' || !kinds.test(descr) || data.size === 0) return null;

  const firstAxis = shape.findIndex((length) => length > 1);
  const [first = 0, second = 1, ...more] = shape.slice(firstAxis);
  if (firstAxis === -1 || more.length > 0) return null;
  const [channels, frames] = first < second ? [first, second] : [second, first];
  const fewest = said === null ? FEWEST_FRAMES : said * SHORTEST_SECONDS;
  if (channels > MOST_CHANNELS || frames < fewest) return null;
  return {
    ...{ dtype: descr, shape, isLittleEndian, channels, frames },
    layout: first < second ? 'planes' : 'frames',
    sampleRate: said ?? USUAL_RATE,
  };
}

const rateNames = ['sample_rate', 'sampling_rate', 'sampleRate', 'samplerate', 'sr', 'rate'];

/** What a map calls its sampling rate, if it does. */
export function rateIn(map: Dictionary): Value | undefined {
  return rateNames.map((name) => map.get(name)).find((value) => value !== undefined);
}

async function rateOf(value: Value | undefined): Promise<number | null> {
  const rate = await numberOf(value);
  return rate !== null && Number.isInteger(rate) && rate >= 1000 && rate <= 768_000 ? rate : null;
}

async function numberOf(value: Value | undefined): Promise<number | null> {
  if (typeof value === 'number') return value;
  if (value instanceof Float) return value.value;
  if (!(value instanceof NumpyScalar)) return null;
  const [item] = await readItems(value.data, 1, value.dtype);
  return typeof item === 'number' ? item : null;
}

/** "float32 24 kHz mono" */
export function arrayKind({ dtype, sampleRate, channels }: ArraySound): Kind {
  const [, letter = '', bytes = ''] = /([fiu])(\d)$/.exec(dtype) ?? [];
  const name = { f: 'float', i: 'int', u: 'uint' }[letter] ?? letter;
  const hertz = `${Number((sampleRate / 1000).toFixed(2))} kHz`;
  const shape = channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`;
  const label = `${name}${Number(bytes) * 8} ${hertz} ${shape}`;
  return { media: 'audio', format: 'pcm', label, extension: 'npy' };
}
