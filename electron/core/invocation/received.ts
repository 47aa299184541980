import type { Intent } from '../../contract/intent.ts';
import type { Flaw, OutputValue } from '../../contract/run.ts';
import type { SliceableBytes } from '../files/byte-source.ts';
import type { Sha256 } from '../files/sha256.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { StoredPart } from '../runs/runs.ts';
import type { Heard } from '../live/watch.ts';
import type { SoundpostError } from '../soundpost-error.ts';
import type { Answer } from '../transport/answer.ts';

/** An answer's body on disk, and what its headers and the user say of it. */
export type Received = {
  file: SliceableBytes;
  contentType: string;
  /** It came without Content-Length: a Truss generator's chunks, or a message that a proxy cut up anew. */
  isStream: boolean;
  intent: Pick<Intent, 'answer' | 'pcm'>;
  folder: RunFolder;
  /** What of it could be heard while it came. */
  heard?: Heard | undefined;
  /** Given when the decoded message is to tell the SHA-256 of its bytes values. */
  hashes?: Sha256;
};

/** What an answer turned out to be. */
export type DecodedAnswer = {
  parts: StoredPart[];
  output?: OutputValue;
  outputTruncated?: true;
  flaws?: Flaw[];
  text?: string;
  warnings: string[];
  /** Set when a 200 says in its body that it is an error. */
  failure?: SoundpostError;
};

/** A content type without its parameters, in lower case. */
export const bareType = (contentType: string): string =>
  contentType.split(';')[0]?.trim().toLowerCase() ?? '';

/** What an answer's head says of its body. */
export function saidOf(answer: Answer): Pick<Received, 'contentType' | 'isStream'> {
  return {
    contentType: answer.header('content-type') ?? '',
    isStream: answer.header('content-length') === undefined && answer.status !== 204,
  };
}
