import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Timings } from '../../contract/run.ts';
import type { AnswerBody } from './answer-body.ts';
import type { AnswerSink } from './answer-file.ts';
import { seconds, type Deadline, type Deadlines } from './deadline.ts';
import { networkFailure } from './network-failure.ts';

/** A server's answer, its head here and its body still on the way. */
export type Answer = {
  status: number;
  statusText: string;
  headers: [name: string, value: string][];
  /** The value of a header, by its lower-case name. */
  header(name: string): string | undefined;
  /** False when only the connection's end ends the body, so that nobody can tell a whole answer from a part of one. */
  hasEnd: boolean;
  /** True when bytes came behind the end. Known only when they came along with it. */
  readonly hasSurplus: boolean;
  sent: number;
  /** Brings the body to disk. What came before a failure is in the file too. @throws SoundpostError, the signal's reason */
  receive(file: AnswerSink, onReceived: () => void): Promise<void>;
  /** Gives the answer up without receiving it. */
  discard(): void;
};

/** The head as Node gives it, and the body from its first byte. */
export type Arrived = { message: IncomingMessage; body: AnswerBody };

/** The sending half, which may still be at work when the answer comes. */
export type Exchange = {
  request: ClientRequest;
  isUploaded: boolean;
  uploadFailure: { error: unknown } | null;
  /** What broke the connection, also after the answer began. */
  broken: Error | null;
};

type Options = {
  url: URL;
  deadlines: Deadlines;
  deadline: Deadline;
  signal: AbortSignal;
  onProgress: (phase: 'receiving', sent: number) => void;
  mark: (name: Exclude<keyof Timings, 'total'>) => void;
};

/** Wraps what has arrived. `sent` counts on while the server still reads. */
export function answerOf(
  { message, body }: Arrived,
  exchange: Exchange,
  sent: () => number,
  { url, deadlines, deadline, signal, onProgress, mark }: Options,
): Answer {
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    headers.push([message.rawHeaders[index] ?? '', message.rawHeaders[index + 1] ?? '']);
  }
  const end = (): void => {
    deadline.clear();
    // On a connection whose request was not sent to its end, the next request would be read as the rest of this one.
    if (!exchange.isUploaded) exchange.request.destroy();
  };
  return {
    status: message.statusCode ?? 0,
    statusText: message.statusMessage ?? '',
    headers,
    header: (name) => headers.find(([key]) => key.toLowerCase() === name)?.[1],
    hasEnd: hasEnd(message),
    get hasSurplus() {
      return message.complete && isParseError(exchange.broken);
    },
    get sent() {
      return sent();
    },
    async receive(file, onReceived) {
      const idle = (): void => {
        deadline.set(
          deadlines.idle,
          `The answer stopped for ${seconds(deadlines.idle)}. What had come is kept; the model’s logs may say why.`,
        );
      };
      onProgress('receiving', sent());
      idle();
      try {
        for (let chunks; (chunks = await body.next()) !== null;) {
          for (const chunk of chunks) await file.take(chunk);
          idle();
          onReceived();
        }
        signal.throwIfAborted();
        // Node takes the end of a broken connection for the end of an answer that has no other.
        if (exchange.broken && !hasEnd(message)) throw exchange.broken;
        mark('received');
      } catch (error) {
        message.destroy();
        if (signal.aborted) throw signal.reason;
        throw networkFailure(
          exchange.uploadFailure?.error ?? exchange.broken ?? error,
          url.host,
          'answered',
        );
      } finally {
        end();
      }
    },
    discard() {
      message.destroy();
      end();
    },
  };
}

/** RFC 9112, 6.3: a length, chunks, or a status that has no body. */
function hasEnd({ headers, statusCode }: IncomingMessage): boolean {
  return (
    headers['content-length'] !== undefined ||
    headers['transfer-encoding'] !== undefined ||
    statusCode === 204 ||
    statusCode === 304
  );
}

const isParseError = (error: Error | null): boolean =>
  error !== null && 'code' in error && String(error.code).startsWith('HPE_');
