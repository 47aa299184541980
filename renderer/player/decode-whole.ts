import type { Outline } from './peaks-messages.ts';
import { PeaksBuilder } from './peaks.ts';

const FRAMES_AT_ONCE = 500_000;

/**
 * The outline of a sound that the streaming decoder can't read, by decoding it whole. Only for small files: samples take
 * many times the memory of the file.
 * @throws when the browser can't decode it either.
 */
export async function decodeWhole(url: string, signal: AbortSignal): Promise<Outline> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`The sound could not be fetched: ${response.status}`);
  const context = new OfflineAudioContext(1, 1, 48_000);
  const decoded = await context.decodeAudioData(await response.arrayBuffer());

  const builder = new PeaksBuilder();
  const { numberOfChannels: channels, length, sampleRate } = decoded;
  const planes = Array.from({ length: channels }, (_, channel) => decoded.getChannelData(channel));
  for (let from = 0; from < length; from += FRAMES_AT_ONCE) {
    signal.throwIfAborted();
    const frames = Math.min(FRAMES_AT_ONCE, length - from);
    builder.add(interleaved(planes, from, frames), frames, channels);
    // A pause between pieces keeps the page answering.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const { duration } = decoded;
  return {
    peaks: builder.snapshot(),
    frames: length,
    sampleRate,
    channels,
    duration,
    complete: true,
  };
}

function interleaved(planes: Float32Array[], from: number, frames: number): Float32Array {
  const samples = new Float32Array(frames * planes.length);
  for (const [channel, plane] of planes.entries()) {
    for (let frame = 0; frame < frames; frame += 1) {
      samples[frame * planes.length + channel] = plane[from + frame] ?? 0;
    }
  }
  return samples;
}
