import type { Intent } from '../../contract/intent.ts';
import type { RunProgress } from '../../contract/run.ts';
import type { LiveAnswer } from '../runs/live-answer.ts';

const MOST_BYTES = 1024 * 1024;
/** Milliseconds; an answer that grows wakes the reader at once. */
const PATIENCE = 60_000;

/** Whether what is streamed can be handed on byte for byte as it comes: it is sound, or was asked for as a stream. */
export function isHandedOn({ live }: RunProgress, { answer }: Pick<Intent, 'answer'>): boolean {
  if (!live) return false;
  return answer === 'stream' || /^(audio\/|application\/octet-stream\b)/i.test(live.mediaType);
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
