import type { Intent } from '../../contract/intent.ts';
import type { RunProgress } from '../../contract/run.ts';
import type { LiveAnswer } from '../runs/live-answer.ts';

const MOST_BYTES = 1024 * 1024;
/** Milliseconds; an answer that grows wakes the reader at once. */
const PATIENCE = 60_000;

/**
 * What of a stream can be handed on while it comes: byte for byte what is declared sound or was asked for as a stream, else
 * the sound that it turned out to be or that its events carry, which is what would be put out at the end. Null: not yet.
 */
export function handedOn(
  { live }: RunProgress,
  { answer }: Pick<Intent, 'answer'>,
): 'answer' | 'sound' | null {
  if (!live) return null;
  const isRaw = /^(audio\/|application\/octet-stream\b)/i.test(live.mediaType);
  if (answer === 'stream' || isRaw) return 'answer';
  return live.sound ? 'sound' : null;
}

/** Writes an answer while it grows, from its first byte to its last, at the pace of whoever reads. */
export async function follow(
  answer: LiveAnswer,
  writeOut: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  for (let offset = 0, isComplete = false; !isComplete;) {
    const next = await answer.read(offset, MOST_BYTES, PATIENCE);
    if (next.bytes.length > 0) await writeOut(next.bytes);
    offset += next.bytes.length;
    isComplete = next.isComplete;
  }
}
