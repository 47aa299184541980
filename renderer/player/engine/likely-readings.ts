import { bytesPerSample, readPcm, type PcmEncoding, type PcmReading } from './pcm.ts';

/** A second and more of most encodings, of which an even third is judged; more tells no more. */
const JUDGED_BYTES = 65_536;
/** A multiple of every frame's length here. */
const SLICE_BYTES = 3072;
const EVERY_BYTES = 3 * SLICE_BYTES;

const encodings: PcmEncoding[] = [
  's16le',
  'f32le',
  's16be',
  's24le',
  's32le',
  'mulaw',
  'alaw',
  'u8',
  's8',
  's24be',
  'f32be',
];

/** Added for what sound hardly ever does: more than the roughness of noise, which is 2. */
const IMPLAUSIBLE = 3;
/** Steps of the lower half of a sample, above which it is no channel of its own. */
const HIDDEN_STEPS = 0.4;
/** The lower half of quiet samples is smooth too, and many times louder than they are; two channels are about as loud. */
const HIDDEN_LEVELS = 8;
/** Floating-point samples that are neither 0 nor within these are no sound. */
const FAINTEST = 1e-7;
const LOUDEST = 4;

/**
 * Ways to read headerless bytes as sound, the likeliest first, for someone who says "this sounds wrong". Sound changes little
 * from sample to sample, and read wrongly it is noise. Bytes don't tell a rate: all readings have that of the one `given`.
 */
export function likelyReadings(head: Uint8Array, given: PcmReading): PcmReading[] {
  const { sampleRate } = given;
  const bytes = sampleOf(head.subarray(0, JUDGED_BYTES));
  // Where nothing tells them apart, the one given goes first.
  const isGiven = (each: PcmReading): boolean =>
    each.encoding === given.encoding && each.channels === given.channels;
  return encodings
    .flatMap((encoding) => [1, 2].map((channels) => ({ encoding, sampleRate, channels })))
    .toSorted((a, b) => Number(isGiven(b)) - Number(isGiven(a)))
    .map((reading) => ({ reading, roughness: roughnessOf(bytes, reading) }))
    .toSorted((a, b) => a.roughness - b.roughness)
    .map(({ reading }) => reading);
}

/** Slices from all over, as sound may begin with silence. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  const slices: number[] = [];
  for (let at = 0; at < bytes.length; at += EVERY_BYTES) {
    slices.push(...bytes.subarray(at, at + SLICE_BYTES));
  }
  return Uint8Array.from(slices);
}

/** How unlike sound the bytes are, read so. */
function roughnessOf(bytes: Uint8Array, reading: PcmReading): number {
  const { planes } = readPcm(bytes, reading);
  const measures = planes.map(measure);
  const isHalfSilent =
    measures.some(({ rms }) => rms < 1e-4) && measures.some(({ rms }) => rms > 1e-3);
  return (
    Math.max(...measures.map(({ steps }) => steps)) +
    (measures.some((each) => isImplausible(each, reading)) ? IMPLAUSIBLE : 0) +
    (isHalfSilent ? IMPLAUSIBLE / 2 : 0) +
    (planes[0] && reading.channels === 1 && isTwoInOne(planes[0]) ? IMPLAUSIBLE / 2 : 0) +
    (hidesAnother(bytes, reading, Math.max(...measures.map(({ rms }) => rms)))
      ? IMPLAUSIBLE / 2
      : 0)
  );
}

type Measure = {
  /** Of the steps from sample to sample, in proportion to the samples: 2 for noise, near 0 for low tones. */
  steps: number;
  mean: number;
  rms: number;
  /** Shares of the samples that are near full scale, and that no sound has. */
  full: number;
  absurd: number;
};

/** Samples that no sound has become silence. */
function measure(plane: Float32Array): Measure {
  const length = Math.max(1, plane.length);
  let total = 0;
  let squares = 0;
  let full = 0;
  let absurd = 0;
  for (let at = 0; at < plane.length; at += 1) {
    const sample = plane[at] ?? 0;
    const size = Math.abs(sample);
    if (size > 0.95) full += 1;
    if (!(size <= LOUDEST)) plane[at] = 0;
    if (!(size <= LOUDEST) || (size > 0 && size < FAINTEST)) absurd += 1;
    total += plane[at] ?? 0;
    squares += (plane[at] ?? 0) ** 2;
  }
  const mean = total / length;
  const energy = Math.max(0, squares - total * mean);
  return {
    steps: energy === 0 ? 0 : stepsOf(plane, 1, 1) / energy,
    mean,
    rms: Math.sqrt(energy / length),
    full: full / length,
    absurd: absurd / length,
  };
}

/** The energy of steps to the sample `distance` before, at every sample or every second one. */
function stepsOf(plane: Float32Array, from: number, every: number): number {
  let energy = 0;
  for (let at = from; at < plane.length; at += every) {
    energy += ((plane[at] ?? 0) - (plane[at - 1] ?? 0)) ** 2;
  }
  return energy;
}

/** Too often at its limits, far from zero in the mean, or of exponents that no sound has. */
function isImplausible({ mean, rms, full, absurd }: Measure, { encoding }: PcmReading): boolean {
  if (full > 0.05 || Math.abs(mean) > Math.max(0.1, rms)) return true;
  return encoding.startsWith('f') && absurd > 0.02;
}

/** Two alike channels read as one: each second step is that between them, and smaller or larger than the others. */
function isTwoInOne(plane: Float32Array): boolean {
  const [even, odd] = [stepsOf(plane, 1, 2), stepsOf(plane, 2, 2)];
  return Math.min(even, odd) < Math.max(even, odd) / 2;
}

/**
 * Two channels of narrow samples look like one of samples twice as wide: the one channel gives the sound, the other the lower half
 * of each sample. True lower halves are noise, or nothing.
 */
function hidesAnother(bytes: Uint8Array, reading: PcmReading, level: number): boolean {
  const { encoding, channels } = reading;
  const width = bytesPerSample(encoding);
  if (!encoding.startsWith('s') || (width !== 2 && width !== 4)) return false;
  const isBigEndian = encoding.endsWith('be');
  const half = width / 2;
  const lower = new Uint8Array(Math.floor(bytes.length / width) * half);
  for (let at = 0; at < lower.length; at += 1) {
    const sample = Math.floor(at / half);
    lower[at] = bytes[sample * width + (at % half) + (isBigEndian ? half : 0)] ?? 0;
  }
  const narrow: PcmEncoding[] = half === 1 ? ['s8', 'u8'] : [isBigEndian ? 's16be' : 's16le'];
  return narrow.some((each) =>
    readPcm(lower, { ...reading, encoding: each, channels }).planes.some((plane) => {
      const { steps, rms } = measure(plane);
      return rms > 0.02 && rms < HIDDEN_LEVELS * level && steps < HIDDEN_STEPS;
    }),
  );
}
