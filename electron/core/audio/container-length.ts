import type { ByteSource } from '../files/byte-source.ts';

/** Longer sound is not counted. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * How long the sound of an MP4, WebM or Matroska is, in seconds, by the times of its packets: the head of one that was
 * streamed doesn't know. Null where there is no sound in it, or not enough came to tell.
 */
export async function containerSeconds(source: ByteSource): Promise<number | null> {
  if (source.size > MOST_BYTES) return null;
  // Only answers in these formats need it, and the program starts without.
  const { CustomSource, Input, MATROSKA, MP4, WEBM } = await import('mediabunny');
  using input = new Input({
    formats: [MP4, WEBM, MATROSKA],
    source: new CustomSource({
      getSize: () => source.size,
      read: (start, end) => source.read(start, end - start),
    }),
  });
  try {
    const track = await input.getPrimaryAudioTrack();
    if (!track) return null;
    // A broadcast begins at any time; what comes before zero is not heard.
    const begin = Math.max(0, await track.getFirstTimestamp());
    const seconds = (await track.computeDuration()) - begin;
    return seconds > 0 ? seconds : null;
  } catch {
    // Damaged, or cut off before it said what it holds: nothing is known then, as of any other bytes.
    return null;
  }
}
