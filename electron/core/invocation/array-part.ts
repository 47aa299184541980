import { arrayKind, soundOfArray } from '../audio/array-sound.ts';
import type { NumpyArray } from '../codec/numpy.ts';
import type { Value } from '../codec/value.ts';
import type { StoredPart } from '../runs/runs.ts';

/** The part that an array of an answer is, when it can be sound; null for any other. */
export async function arrayPart(
  name: string,
  { array, rate }: { array: NumpyArray; rate: Value | undefined },
): Promise<StoredPart | null> {
  const sound = await soundOfArray(array, rate);
  if (!sound) return null;
  const kind = arrayKind(sound);
  return { name, kind, mediaType: 'audio/wav', source: array.data, array: sound };
}
