import type { Retry, RunOutcome, RunProgress } from '../../contract/run.ts';
import type { Failure } from '../../contract/failure.ts';
import { visible } from './visible.ts';

/** A part as the command line tells of it: written where the user can take it. */
type WrittenPart = {
  name: string;
  path: string;
  bytes: number;
  kind: string;
  sha256?: string;
};

/** How the command line speaks: to people on standard error, or to scripts in JSON lines on standard output. */
export type Reporter = {
  /** Several files are run one after another, and this is the next. */
  input(path: string, number: number, of: number): void;
  progress(progress: RunProgress): void;
  part(part: WrittenPart): void;
  done(outcome: RunOutcome, runFolder: string): void;
  /** The answer itself, when it has no parts and was put nowhere else. */
  answer(outcome: RunOutcome): void;
  failed(failure: Failure, outcome?: RunOutcome): void;
  /** What would send the same, and what there is to know about it. */
  dryRun(command: string, note?: string): void;
};

export type Streams = {
  out: (text: string) => void;
  error: (text: string) => void;
  /** Standard error is a terminal, so a line may be drawn over. */
  isTerminal: boolean;
  /** Standard output is one: what is written there is read by eyes, not kept. */
  isOutTerminal: boolean;
};

/** One JSON object a line, told apart by `event`: input, phase, progress, part, done, failed, dry-run. */
export function jsonReporter(streams: Streams): Reporter {
  let phase = '';
  const write = (event: string, rest: object): void => {
    print(`${JSON.stringify({ event, ...rest })}\n`, streams);
  };
  return {
    input: (path, number, of) => {
      phase = '';
      write('input', { path, number, of });
    },
    progress({ phase: now, runId, retry, sent, toSend, received, toReceive }) {
      if (now !== phase) {
        const { at: retryAt, ...tries } = retry ?? {};
        write('phase', { phase: now, runId, ...(retry ? { retryAt, ...tries } : {}) });
      } else write('progress', { sent, toSend, received, toReceive });
      phase = now;
    },
    part: (part) => {
      write('part', part);
    },
    done: ({ status, timings, requestId, sent, received, warnings, ...answer }, folder) => {
      const { output, outputTruncated, text, stream } = answer;
      write('done', {
        ...{ status, timings, stream, requestId, sent, received, warnings, folder },
        // A message can be `null`, which is an answer too.
        output: output === undefined ? text : output,
        outputTruncated,
      });
    },
    // `done` tells it already.
    answer: () => undefined,
    dryRun: (command, note) => {
      write('dry-run', { command, note });
    },
    failed: (failure, outcome) => {
      const { status, timings, stream, requestId, attempts } = outcome ?? {};
      write('failed', { ...failure, status, timings, stream, requestId, attempts });
    },
  };
}

/** Words for people. The answer itself, when it is no part, goes to standard output. */
export function humanReporter(streams: Streams): Reporter {
  const { error, isTerminal } = streams;
  let lineLength = 0;
  let told = 0;
  const line = (text: string): void => {
    if (isTerminal && lineLength > 0) error(`\r${' '.repeat(lineLength)}\r`);
    lineLength = 0;
    error(`${visible(text)}\n`);
  };
  return {
    input(path, number, of) {
      told = 0;
      line(`${path} (${number} of ${of})`);
    },
    progress(progress) {
      const { retry } = progress;
      if (retry && retry.attempt !== told) {
        // Whoever reads a log must see why it took so long.
        line(retryWords(retry));
        told = retry.attempt;
      }
      if (!isTerminal || retry) return;
      const text = phaseWords(progress);
      error(`\r${text.padEnd(lineLength)}`);
      lineLength = Math.max(text.length, lineLength);
    },
    part({ path, bytes, kind, name }) {
      line(`${name}: ${sizeOf(bytes)}, ${kind} → ${path}`);
    },
    done({ status, timings, warnings }, folder) {
      for (const warning of warnings) line(`Note: ${warning}`);
      line(
        `Done in ${(timings.total / 1000).toFixed(2)} s, status ${status ?? ''}; kept in ${folder}`,
      );
    },
    answer({ output, text }) {
      if (output !== undefined) print(`${JSON.stringify(output, null, 2)}\n`, streams);
      else if (text !== undefined) print(text, streams);
    },
    dryRun(command, note) {
      if (note) line(`Note: ${note}`);
      print(`${command}\n`, streams);
    },
    failed({ message, detail, code }) {
      line(message);
      if (detail) line(detail);
      line(`(${code})`);
    },
  };
}

function phaseWords({ phase, sent, toSend, received }: RunProgress): string {
  switch (phase) {
    case 'queued':
      return 'Queued';
    case 'connecting':
      return 'Connecting';
    case 'uploading':
      return `Uploading ${toSend ? Math.floor((sent / toSend) * 100) : 0} %`;
    case 'waiting':
      return 'Waiting for the model';
    case 'retrying':
      return 'Waiting to try again';
    case 'receiving':
      return `Receiving ${sizeOf(received)}`;
    case 'decoding':
      return 'Decoding';
  }
}

function retryWords({ at, attempt, of, why }: Retry): string {
  const seconds = Math.max(0, Math.ceil((at - Date.now()) / 1000));
  const cause = why === 'busy' ? 'Busy.' : 'No connection.';
  return `${cause} Trying again in ${seconds} s, ${attempt} of ${of}`;
}

/** Scripts and files get every byte as it is. */
export function print(text: string, { out, isOutTerminal }: Streams): void {
  out(isOutTerminal ? visible(text) : text);
}

export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
