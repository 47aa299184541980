import { writeMsgpack } from '../codec/msgpack-write.ts';
import { NumpyArray } from '../codec/numpy.ts';
import { Dictionary, type Value } from '../codec/value.ts';
import { MemoryBytes } from '../files/byte-source.ts';

/** A numpy array as a model has it. */
export function array(dtype: string, shape: number[], items: ArrayBufferView): NumpyArray {
  const { buffer, byteOffset, byteLength } = items;
  const data = new MemoryBytes(new Uint8Array(buffer, byteOffset, byteLength));
  return NumpyArray.of(dtype, shape, data);
}

/** A map as msgpack, as a Truss model sends it. */
export async function msgpackOf(map: Record<string, Value>): Promise<Buffer> {
  const bytes: Uint8Array[] = [];
  for (const piece of writeMsgpack(new Dictionary(Object.entries(map)))) {
    bytes.push(piece instanceof Uint8Array ? piece : await piece.read(0, piece.size));
  }
  return Buffer.concat(bytes);
}

/** A tone of half the full scale. */
export function tone(frequency: number, sampleRate: number, frames: number): Float32Array {
  return Float32Array.from(
    { length: frames },
    (_, frame) => 0.5 * Math.sin((2 * Math.PI * frequency * frame) / sampleRate),
  );
}
