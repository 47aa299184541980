import type { Intent } from '../../contract/intent.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { Runs } from '../runs/runs.ts';
import { LiveAnswer } from '../runs/live-answer.ts';
import { AnswerFile } from '../transport/answer-file.ts';
import type { Answer } from '../transport/answer.ts';
import { unpack } from '../transport/content-encoding.ts';
import { SplitAnswer } from '../transport/split-answer.ts';
import type { Run, RunState } from './run-state.ts';

/**
 * Brings the answer to disk, where a stream can be read while it grows. The file is closed and counted also when the
 * connection, the user or the disk ends it. @throws SoundpostError, the signal's reason
 */
export async function receive(
  answer: Answer,
  folder: RunFolder,
  state: RunState,
  runs: Runs,
): Promise<void> {
  try {
    await bringToDisk(answer, folder, state, runs);
  } catch (error) {
    // The first failure counts; what came is still to be read.
    await readable(answer, folder, state).catch(() => undefined);
    throw error;
  }
  await readable(answer, folder, state);
}

/** @throws SoundpostError `answer_incomplete`, `answer_undecodable` for a compressed answer that can't be unpacked whole */
async function readable(answer: Answer, folder: RunFolder, state: RunState): Promise<void> {
  if (!state.file) return;
  state.body = state.file.bytes;
  const encoding = answer.header('content-encoding') ?? '';
  const unpacked = await unpack(state.body, encoding, folder.unpackedPath);
  if (!unpacked) return;
  state.body = unpacked.bytes.size > 0 ? unpacked.bytes : state.body;
  if (unpacked.failure) throw unpacked.failure;
}

async function bringToDisk(
  answer: Answer,
  folder: RunFolder,
  state: RunState,
  runs: Runs,
): Promise<void> {
  const length = answer.header('content-length');
  if (length !== undefined) state.toReceive = Number(length);
  const { file, live } = await openFile(answer, folder, state.run, state.toReceive);
  state.file = file;
  if (live) {
    const { pcm } = state.run.intent;
    const url = runs.addLive(state.run.runId, live);
    const mediaType = answer.header('content-type') ?? '';
    state.live = { mediaType, sound: { url, ...(pcm ? { pcm } : {}) } };
  }
  try {
    await answer.receive(file, () => {
      state.received = file.received;
      state.arrivals.note(file.received, state.elapsed());
      state.phase('receiving');
    });
  } finally {
    state.received = file.received;
    try {
      await file.close();
    } finally {
      live?.end();
    }
  }
}

type Opened = { file: AnswerFile | SplitAnswer; live: LiveAnswer | null };

async function openFile(
  answer: Answer,
  folder: RunFolder,
  { intent, sharesAnswer = false }: Run,
  length: number | undefined,
): Promise<Opened> {
  try {
    await folder.mustHold(length ?? 0);
    if (!isStream(answer, intent) && length !== undefined && sharesAnswer) {
      const paths = { rest: folder.responsePath, apart: folder.apartPath };
      return { file: await SplitAnswer.create(paths), live: null };
    }
    const file = await AnswerFile.create(folder.responsePath, sharesAnswer ? 0o666 : 0o600);
    if (!isStream(answer, intent)) return { file, live: null };
    const live = new LiveAnswer(() => file.bytes);
    file.onWritten = live.grew;
    return { file, live };
  } catch (error) {
    answer.discard();
    throw error;
  }
}

/** An answer that has no length, or that is to be taken as a stream, may go on for long and is worth following. */
function isStream(answer: Answer, intent: Intent): boolean {
  if (answer.status >= 300 || intent.answer === 'message') return false;
  return intent.answer === 'stream' || answer.header('content-length') === undefined;
}
