import type { DemoModel, Intent } from '../../contract/intent.ts';
import type { Phase, RunOutcome, RunProgress, Timings } from '../../contract/run.ts';
import { authorization, type HostDecision } from '../baseten/authorization.ts';
import { endpointUrl } from '../baseten/endpoint.ts';
import { refusal } from '../baseten/refusal.ts';
import { requestBody, type FieldFile } from '../codec/request-body.ts';
import { wholeFile } from '../files/byte-source.ts';
import { RunFolder } from '../runs/run-folder.ts';
import type { Runs } from '../runs/runs.ts';
import { SoundpostError, toFailure } from '../soundpost-error.ts';
import { AnswerFile } from '../transport/answer-file.ts';
import { Deadline, type Deadlines } from '../transport/deadline.ts';
import { post, type Agents, type Answer } from '../transport/post.ts';
import { decodeAnswer, type DecodedAnswer } from './decode-answer.ts';

/** What an error body may take of the screen and the memory. */
const ERROR_BODY_BYTES = 64 * 1024;

/** What a run needs from its surroundings. */
export type InvokeContext = {
  runs: Runs;
  runsDirectory: string;
  agents: Agents;
  deadlines: Deadlines;
  openInput: (inputId: string) => Promise<FieldFile>;
  useKey: () => Promise<string | null>;
  isApproved: (origin: string) => Promise<boolean>;
  askForHost: (origin: string) => Promise<HostDecision>;
  demoUrl: (model: DemoModel) => Promise<URL>;
  log: (error: unknown) => void;
};

type Run = {
  runId: string;
  intent: Intent;
  signal: AbortSignal;
  onProgress: (progress: RunProgress) => void;
};

/**
 * One run from top to bottom: target and key, body, POST, answer to disk, parts. Always resolves: a run that failed or
 * was cancelled is an outcome with everything that came. Reading this function is the shortest way into the house.
 */
export async function invoke(run: Run, context: InvokeContext): Promise<RunOutcome> {
  const state = new RunState(run);
  const total = new Deadline();
  total.set(
    context.deadlines.total,
    'The run took longer than the time you allowed. What had come is kept.',
  );
  try {
    const { url, shownUrl, headers } = await target(run.intent, context);
    state.url = shownUrl;
    const body = await requestBody(run.intent, context.openInput);
    state.toSend = body.length;
    const folder = await RunFolder.create(context.runsDirectory, run.runId);
    state.folder = folder;

    const answer = await post({
      url,
      headers,
      body,
      agents: context.agents,
      deadlines: context.deadlines,
      signal: AbortSignal.any([run.signal, total.signal]),
      onProgress: state.progress,
      mark: state.mark,
    });
    state.answer = answer;
    await receive(answer, folder, state);

    state.phase('decoding');
    if (answer.status < 200 || answer.status >= 300) throw await refused(answer, folder);
  } catch (error) {
    state.fail(error, context.log);
  } finally {
    total.clear();
  }
  return finish(run, state, context);
}

async function target(
  { target, auth }: Intent,
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
  const url = endpointUrl(target);
  const headers = await authorization({ ...context, url, auth });
  return { url, shownUrl: url.href, headers };
}

/** Brings the answer to disk. The file is closed and counted also when the connection, the user or the disk ends it. */
async function receive(answer: Answer, folder: RunFolder, state: RunState): Promise<void> {
  const length = answer.header('content-length');
  if (length !== undefined) {
    state.toReceive = Number(length);
    await folder.mustHold(state.toReceive);
  }
  const file = await AnswerFile.create(folder.responsePath);
  try {
    await answer.receive(file, () => {
      state.received = file.received;
      state.phase('receiving');
    });
  } finally {
    state.received = file.received;
    await file.close();
  }
}

async function refused(answer: Answer, folder: RunFolder): Promise<SoundpostError> {
  const file = await wholeFile(folder.responsePath);
  return refusal({
    status: answer.status,
    body: new TextDecoder().decode(await file.read(0, ERROR_BODY_BYTES)),
    errorCode: answer.header('x-baseten-error-code'),
    errorSource: answer.header('x-baseten-error-source'),
    location: answer.header('location'),
  });
}

/** Takes apart whatever came, tells the page's side of the house where it lies, and writes the run's record. */
async function finish(run: Run, state: RunState, context: InvokeContext): Promise<RunOutcome> {
  const { folder, answer } = state;
  let decoded: DecodedAnswer = { parts: [], warnings: [] };
  if (folder && answer && (state.received > 0 || !state.failure)) {
    try {
      decoded = await decodeAnswer({
        file: await wholeFile(folder.responsePath),
        contentType: answer.header('content-type') ?? '',
        isStream: answer.header('content-length') === undefined,
        intent: run.intent,
        folder,
      });
    } catch (error) {
      state.fail(error, context.log);
    }
  }
  if (decoded.failure && !state.failure) state.fail(decoded.failure, context.log);
  const parts = folder
    ? context.runs.add(run.runId, { folder: folder.path, parts: decoded.parts })
    : [];
  const outcome: RunOutcome = {
    ...state.outcome(),
    parts,
    warnings: decoded.warnings,
    ...(decoded.output === undefined ? {} : { output: decoded.output }),
    ...(decoded.text === undefined ? {} : { text: decoded.text }),
  };
  await folder?.writeRecord({ version: 1, intent: run.intent, outcome }).catch(context.log);
  return outcome;
}

/** How often the page hears of bytes, in milliseconds: what an eye can follow. */
const PROGRESS_EVERY = 100;

/** What is known of a run while it goes on. */
class RunState {
  url = '';
  toSend = 0;
  received = 0;
  toReceive: number | undefined;
  folder: RunFolder | undefined;
  answer: Answer | undefined;
  failure: unknown;
  #sent = 0;
  #phase: Phase = 'connecting';
  #told = -Infinity;
  readonly #run: Run;
  readonly #startedAt = performance.now();
  readonly #timings: Partial<Timings> = {};

  constructor(run: Run) {
    this.#run = run;
  }

  readonly progress = (phase: Phase, sent: number): void => {
    this.#sent = sent;
    this.phase(phase);
  };

  readonly mark = (name: Exclude<keyof Timings, 'total'>): void => {
    this.#timings[name] = this.#elapsed();
  };

  phase(phase: Phase): void {
    const now = performance.now();
    if (phase === this.#phase && now - this.#told < PROGRESS_EVERY) return;
    this.#phase = phase;
    this.#told = now;
    this.#run.onProgress({
      runId: this.#run.runId,
      phase,
      sent: this.#sent,
      toSend: this.toSend,
      received: this.received,
      ...(this.toReceive === undefined ? {} : { toReceive: this.toReceive }),
    });
  }

  /** The first failure counts; later ones are its consequences. */
  fail(error: unknown, log: (error: unknown) => void): void {
    if (!(error instanceof SoundpostError)) log(error);
    this.failure ??= error;
  }

  outcome(): Omit<RunOutcome, 'parts' | 'warnings'> {
    const isCancelled = this.failure instanceof SoundpostError && this.failure.code === 'cancelled';
    const { answer } = this;
    const requestId = answer?.header('x-baseten-request-id');
    return {
      runId: this.#run.runId,
      state: this.failure === undefined ? 'done' : isCancelled ? 'cancelled' : 'failed',
      ...(this.failure === undefined ? {} : { failure: toFailure(this.failure) }),
      url: this.url,
      ...(answer ? { status: answer.status, statusText: answer.statusText } : {}),
      ...(requestId === undefined ? {} : { requestId }),
      sent: answer?.sent ?? this.#sent,
      received: this.received,
      timings: { ...this.#timings, total: this.#elapsed() },
      headers: answer?.headers ?? [],
    };
  }

  #elapsed(): number {
    return Math.round(performance.now() - this.#startedAt);
  }
}
