import type { Intent } from '../../contract/intent.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import { Watch } from '../live/watch.ts';
import { LiveAnswer } from '../runs/live-answer.ts';
import { AnswerFile } from '../transport/answer-file.ts';
import type { Answer } from '../transport/answer.ts';
import { unpack } from '../transport/content-encoding.ts';
import { SplitAnswer } from '../transport/split-answer.ts';
import type { InvokeContext } from './invoke.ts';
import { saidOf } from './received.ts';
import type { Run, RunState } from './run-state.ts';

/**
 * Brings the answer to disk, where a stream can be read while it grows. The file is closed and counted also when the
 * connection, the user or the disk ends it. @throws SoundpostError, the signal's reason
 */
export async function receive(
  answer: Answer,
  folder: RunFolder,
  state: RunState,
  context: Pick<InvokeContext, 'runs' | 'log'>,
): Promise<void> {
  try {
    await bringToDisk(answer, folder, state, context);
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
  context: Pick<InvokeContext, 'runs' | 'log'>,
): Promise<void> {
  const length = answer.header('content-length');
  if (length !== undefined) state.toReceive = Number(length);
  const { file, live } = await openFile(answer, folder, state.run, state.toReceive);
  state.file = file;
  if (live) {
    state.live = { mediaType: answer.header('content-type') ?? '' };
    state.watch = watch(live, answer, folder, state, context);
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

function watch(
  live: LiveAnswer,
  answer: Answer,
  folder: RunFolder,
  state: RunState,
  { runs, log }: Pick<InvokeContext, 'runs' | 'log'>,
): Watch | undefined {
  const { runId, intent } = state.run;
  runs.addLive(runId, live);
  // What comes compressed is only read at the end.
  if (/^\s*((x-)?gzip|deflate|br)\s*$/i.test(answer.header('content-encoding') ?? ''))
    return undefined;
  return new Watch({
    answer: live,
    said: { ...saidOf(answer), intent },
    folder,
    arrivals: state.arrivals,
    elapsed: () => state.elapsed(),
    offer: (what, of, reading = {}) => {
      const url = runs.offerLive(runId, what, of);
      state.offer({ [what]: { url, ...reading } });
    },
    log,
  });
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
