import { isAlike, wavHead, withSizes, type WavHead } from '../audio/wav.ts';
import { MemoryBytes, type ByteSource, type SliceableBytes } from '../files/byte-source.ts';

const HEAD_BYTES = 4096;
/** What a hostile answer may make us look at. */
const MOST_CHUNKS = 10_000;

/** A WAV as players need it. `warning`: what is to be said of it besides, null when nothing is. */
export type PlayableWav = { pieces: ByteSource[]; warning: string | null };

type Samples = { offset: number; size: number };
type Chain = { files: Samples[]; isCut: boolean; isMixed: boolean };

/**
 * What players need instead of a WAV that leaves its sizes open, as streamed ones do: players then don't know its length and
 * can't seek. And instead of several WAVs one behind the other, as models send that speak sentence by sentence: players stop
 * after the first. Null for one that plays as it is.
 */
export async function playableWav(source: ByteSource): Promise<PlayableWav | null> {
  const head = await source.read(0, HEAD_BYTES);
  const first = wavHead(head);
  if (!isRiff(head) || !first?.data || !('slice' in source)) return null;
  const { offset, size } = first.data;
  const toEnd: Chain = {
    files: [{ offset, size: source.size - offset }],
    ...{ isCut: false, isMixed: false },
  };
  const chain = size === null ? toEnd : await chainOf(source, first, { offset, size });
  if (size !== null && chain.files.length === 1 && !chain.isMixed) return null;
  const bytes = chain.files.reduce((sum, file) => sum + file.size, offset);
  const slices = chain.files.map((file) =>
    (source as SliceableBytes).slice(file.offset, file.size),
  );
  return {
    pieces: [new MemoryBytes(withSizes(head.subarray(0, offset), bytes)), ...slices],
    warning: wordsFor(chain),
  };
}

/** The samples of the WAVs that stand one behind the other, as far as they are alike. */
async function chainOf(source: ByteSource, first: WavHead, samples: Samples): Promise<Chain> {
  const chain: Chain = { files: [samples], isCut: false, isMixed: false };
  let at = endOf(samples);
  for (let chunks = 0; chunks < MOST_CHUNKS && at + 12 <= source.size; chunks += 1) {
    const head = await source.read(at, HEAD_BYTES);
    if (!isRiff(head)) {
      // A chunk behind the samples, padded to an even length.
      const size = new DataView(head.buffer, head.byteOffset).getUint32(4, true);
      at += 8 + size + (size & 1);
      continue;
    }
    const next = wavHead(head);
    if (!next?.data) break;
    chain.isMixed = !isAlike(first, next);
    if (chain.isMixed) break;
    const offset = at + next.data.offset;
    const size = Math.min(next.data.size ?? Infinity, source.size - offset);
    chain.isCut = next.data.size !== null && size < next.data.size;
    chain.files.push({ offset, size });
    at = endOf({ offset, size });
  }
  return chain;
}

const endOf = ({ offset, size }: Samples): number => offset + size + (size & 1);

const isRiff = (head: Uint8Array): boolean =>
  /^RIFF....WAVE/s.test(Buffer.from(head.subarray(0, 12)).toString('latin1'));

function wordsFor({ files, isCut, isMixed }: Chain): string | null {
  const many = files.length > 1;
  const words = [
    many
      ? `It is ${files.length} WAV files one behind the other. They play as one, and “Save as one WAV” makes them one; saved as received they stay as they came.`
      : '',
    isMixed
      ? `${many ? 'Then' : 'Behind it'} comes a WAV of another format, which is kept and not played.`
      : '',
    isCut ? 'The last one’s header promises more than came, so it was probably cut short.' : '',
  ].filter(Boolean);
  return words.length > 0 ? words.join(' ') : null;
}
