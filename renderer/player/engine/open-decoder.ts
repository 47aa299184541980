import { ContainerDecoder } from './container-decoder.ts';
import { MpegDecoder } from './mpeg-decoder.ts';
import { OggDecoder } from './ogg-decoder.ts';
import { PcmDecoder } from './pcm-decoder.ts';
import type { PcmReading } from './pcm.ts';
import { sniff } from './sniff.ts';
import type { DecoderListener, StreamDecoder } from './stream-decoder.ts';
import { WavDecoder } from './wav-decoder.ts';
import { WebmDecoder } from './webm-decoder.ts';

/** So many bytes of nothing but text are no sound, whatever was agreed: an error told in words would be a burst of noise. */
const TEXT_BYTES = 32;

export type Opening = StreamDecoder | 'more' | 'undecidable';

/**
 * The decoder for a stream that begins with `head`. The bytes decide; what they don't tell is read as `pcm`, when that is
 * known. `more`: the next bytes could decide. `isAll`: there are none.
 */
export function openDecoder(
  head: Uint8Array,
  isAll: boolean,
  pcm: PcmReading | null,
  listener: DecoderListener,
): Opening {
  const format = sniff(head, isAll);
  switch (format) {
    case 'more':
      return 'more';
    case 'wav':
      return new WavDecoder(listener);
    case 'mpeg':
      return new MpegDecoder(listener);
    case 'ogg':
      return new OggDecoder(listener);
    case 'webm':
      return new WebmDecoder(listener, () => new ContainerDecoder('webm', listener));
    case 'flac':
    case 'mp4':
      return new ContainerDecoder(format, listener);
    case null:
      if (isText(head)) {
        return head.length < TEXT_BYTES && !isAll ? 'more' : 'undecidable';
      }
      return pcm ? pcmDecoder(pcm, listener) : 'undecidable';
  }
}

/** Reads a stream as `pcm`, whatever its bytes seem to be. */
export function pcmDecoder(pcm: PcmReading, listener: DecoderListener): StreamDecoder {
  listener.label(`PCM ${pcm.encoding}`);
  return new PcmDecoder(pcm, listener);
}

function isText(head: Uint8Array): boolean {
  return head
    .subarray(0, TEXT_BYTES)
    .every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 9);
}
