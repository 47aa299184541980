/** -1 dBFS. Samples up to here stay bit for bit; those beyond bend towards full scale and never pass it. */
const THRESHOLD = 10 ** (-1 / 20);
const ROOM = 1 - THRESHOLD;

/** Limits the peaks of a sound in place. */
export function softLimit(samples: Float32Array): void {
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] ?? 0;
    const over = Math.abs(sample) - THRESHOLD;
    if (over > 0) samples[index] = Math.sign(sample) * (THRESHOLD + ROOM * Math.tanh(over / ROOM));
  }
}
