import type { DemoModel, Intent } from '../../contract/intent.ts';
import type { RunOutcome, StreamFacts } from '../../contract/run.ts';
import type { KeyMark } from '../../contract/settings.ts';
import { authorization, type HostDecision, type HostQuestion } from '../baseten/authorization.ts';
import { endpointUrl } from '../baseten/endpoint.ts';
import type { KeyChoice } from '../baseten/key-choice.ts';
import { errorWords } from '../baseten/error-words.ts';
import { refusal } from '../baseten/refusal.ts';
import type { FieldFile } from '../codec/field-value.ts';
import { wholeFile } from '../files/byte-source.ts';
import { KeptInputs } from '../runs/kept-inputs.ts';
import { Recording, type RunOrigin } from '../runs/recording.ts';
import { RunFolder } from '../runs/run-folder.ts';
import type { Runs, StoredPart } from '../runs/runs.ts';
import type { SoundpostError } from '../soundpost-error.ts';
import type { Agents } from '../transport/agents.ts';
import type { Answer } from '../transport/answer.ts';
import { Deadline, deadlinesFor } from '../transport/deadline.ts';
import { post } from '../transport/post.ts';
import { retryAfter, type Pace } from '../transport/retry.ts';
import { answerDoubts } from './answer-doubts.ts';
import { sendableBody } from './preflight.ts';
import { saidOf, type DecodedAnswer } from './received.ts';
import { receive } from './receive.ts';
import type { SavedAnswers } from '../saving/saved-answers.ts';
import { RunState, type Run } from './run-state.ts';
import { streamFacts } from './stream-facts.ts';
import { takeApart } from './take-apart.ts';
import { tryAndTryAgain } from './tries.ts';

/** What a run needs from its surroundings. */
export type InvokeContext = {
  runs: Runs;
  runsDirectory: string;
  agents: Agents;
  pace: Pace;
  openInput: (inputId: string) => Promise<FieldFile>;
  keys: KeyChoice;
  isApproved: (origin: string, key: KeyMark | null) => Promise<boolean>;
  askForHost: (question: HostQuestion) => Promise<HostDecision>;
  demoUrl: (model: DemoModel) => Promise<URL>;
  /** Who runs, and what for. */
  origin: (run: Run) => Promise<RunOrigin>;
  /** The run's record was begun, or ended. */
  onRecorded: (runId: string) => void;
  saveAnswer: SavedAnswers['save'];
  /** Work that the run's end need not wait for; its signal says that the program is about to end. */
  afterwards: (runId: string, work: (signal: AbortSignal) => Promise<void>) => void;
  log: (error: unknown) => void;
};

/**
 * One run from top to bottom: target and key, body, POST, answer to disk, parts. Always resolves: a run that failed or
 * was cancelled is an outcome with everything that came. Reading this function is the shortest way into the house.
 */
export async function invoke(run: Run, context: InvokeContext): Promise<RunOutcome> {
  const state = new RunState(run);
  const deadlines = deadlinesFor({ ...run.usual?.limits, ...run.intent.limits });
  const total = new Deadline();
  total.set(
    deadlines.total,
    'The run took longer than the time you allowed. What had come is kept.',
  );
  let recording: Recording | undefined;
  try {
    // Before the key is read and anybody is asked about a host: this costs nobody anything.
    const body = await sendableBody(run.intent, context.openInput);
    state.toSend = body.length;
    const { url, shownUrl, headers } = await target(run.intent, context);
    state.url = shownUrl;
    state.authorization = headers['authorization'];
    const folder = await RunFolder.create(context.runsDirectory, run.runId);
    recording = await begin(run, state, folder, context);
    state.folder = folder;

    const signal = AbortSignal.any([run.signal, total.signal]);
    const { agents, pace } = context;
    const { progress: onProgress, mark } = state;
    await tryAndTryAgain(state, signal, pace, async () => {
      const answer = await post({
        url,
        headers,
        body,
        agents,
        deadlines,
        signal,
        onProgress,
        mark,
      });
      state.answer = answer;
      recording?.answered(state.outcome());
      await receive(answer, folder, state, context);

      state.phase('decoding');
      if (answer.status < 200 || answer.status >= 300) {
        throw await refused(answer, folder, state);
      }
    });
  } catch (error) {
    state.fail(error, context.log);
  } finally {
    total.clear();
    state.quiet();
  }
  return finish(run, state, context, recording);
}

/** From here on the run's folder says what was asked, also when this program ends before it. */
async function begin(
  run: Run,
  state: RunState,
  folder: RunFolder,
  context: InvokeContext,
): Promise<Recording> {
  try {
    const inputs = await KeptInputs.of(run.intent, folder, context.openInput);
    await inputs.share();
    const recording = await Recording.begin(folder, {
      ...{ runId: run.runId, intent: run.intent, inputs },
      origin: await context.origin(run),
      known: state.outcome(),
      hide: (text) => withoutKey(state.authorization, text),
    });
    context.onRecorded(run.runId);
    return recording;
  } catch (error) {
    // Nothing was sent, so there is nothing to keep.
    await folder.remove();
    throw error;
  }
}

async function target(
  { target, auth, keyName }: Intent,
  context: InvokeContext,
): Promise<{ url: URL; shownUrl: string; headers: Record<string, string> }> {
  // The demo is part of this program and is never sent a key; its address holds a token that is nobody's business.
  if (target.kind === 'demo') {
    return {
      url: await context.demoUrl(target.model),
      shownUrl: `demo:${target.model}`,
      headers: {},
    };
  }
  const { home } = await context.keys.choose(keyName);
  const url = endpointUrl(target, home.inference);
  const headers = await authorization({ ...context, url, auth, keyName });
  return { url, shownUrl: url.href, headers };
}

async function refused(
  answer: Answer,
  folder: RunFolder,
  { run, url, authorization, body }: RunState,
): Promise<SoundpostError> {
  const file = body ?? (await wholeFile(folder.responsePath));
  return refusal({
    status: answer.status,
    sentAs: run.intent.body,
    sentKey: authorization !== undefined,
    host: URL.parse(url)?.host ?? url,
    ...(await errorWords(file)),
    errorCode: answer.header('x-baseten-error-code'),
    location: answer.header('location'),
    retryAfter: retryAfter(answer.header('retry-after'), Date.now()),
  });
}

/** Takes apart whatever came, tells the page's side of the house where it lies, and writes the run's record. */
async function finish(
  run: Run,
  state: RunState,
  context: InvokeContext,
  recording: Recording | undefined,
): Promise<RunOutcome> {
  await state.watch?.done;
  const { folder, answer, body } = state;
  let decoded: DecodedAnswer = { parts: [], warnings: [] };
  let stream: StreamFacts | undefined;
  if (folder && answer && body && (state.received > 0 || !state.failure)) {
    const takenApart = await takeApart({
      file: body,
      ...saidOf(answer),
      intent: run.intent,
      folder,
      heard: state.watch?.heard,
      ...(run.hashes ? { hashes: run.hashes } : {}),
    });
    decoded = takenApart.decoded;
    if (takenApart.failure) state.fail(takenApart.failure, context.log);
    if (state.live) {
      stream = await streamFactsOf(state, decoded.parts).catch((error: unknown) => {
        context.log(error);
        return undefined;
      });
    }
  }
  if (decoded.failure && !state.failure) state.fail(decoded.failure, context.log);
  const parts = folder
    ? context.runs.add(run.runId, {
        folder: folder.path,
        parts: decoded.parts,
        output: decoded.output,
      })
    : [];
  const doubts = answer && state.failure === undefined ? answerDoubts(answer, decoded) : [];
  const outcome = shownToPage(state.authorization, {
    ...state.outcome(),
    parts,
    ...(stream ? { stream } : {}),
    warnings: [...doubts, ...decoded.warnings],
    ...(decoded.output === undefined ? {} : { output: decoded.output }),
    ...(decoded.outputTruncated ? { outputTruncated: true } : {}),
    ...(decoded.flaws ? { flaws: decoded.flaws } : {}),
    ...(decoded.text === undefined ? {} : { text: decoded.text }),
  });
  if (run.save && outcome.state === 'done') {
    const { parts, output } = decoded;
    outcome.saved = await context.saveAnswer({
      ...{ runId: run.runId, intent: run.intent, preset: run.preset },
      ...{ template: run.save.template, parts, output },
    });
  }
  try {
    await recording?.end(outcome, decoded.parts);
    context.onRecorded(run.runId);
    context.afterwards(run.runId, async (signal) => recording?.keepInputs(signal));
  } catch (error) {
    context.log(error);
    outcome.warnings.push(
      'What was asked and what came could not be written down in the run’s folder: this computer’s disk is full, or the folder is gone.',
    );
  }
  return outcome;
}

function streamFactsOf(
  { arrivals, timings, watch }: RunState,
  parts: StoredPart[],
): Promise<StreamFacts> {
  const heard = watch?.heard;
  const part = parts.find(({ heardLive }) => heardLive);
  if (heard?.from !== 'events') return streamFacts({ arrivals, sound: part, ...timings });
  const { source, pcm, arrivals: ofSound } = heard;
  return streamFacts({ arrivals, ofSound, sound: { source, ...(pcm ? { pcm } : {}) }, ...timings });
}

/** A server may say the key back in an error or a header; from there it must not reach the page, a record or a screen. */
function shownToPage(authorization: string | undefined, outcome: RunOutcome): RunOutcome {
  if (authorization === undefined) return outcome;
  const json = JSON.stringify(outcome);
  const safe = withoutKey(authorization, json);
  return safe === json ? outcome : (JSON.parse(safe) as RunOutcome);
}

function withoutKey(authorization: string | undefined, text: string): string {
  const key = authorization?.split(' ')[1];
  return key ? text.replaceAll(key, '[key]') : text;
}
