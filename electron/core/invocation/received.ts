import type { Intent } from '../../contract/intent.ts';
import type { OutputValue } from '../../contract/run.ts';
import type { SliceableBytes } from '../files/byte-source.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { StoredPart } from '../runs/runs.ts';
import type { SoundpostError } from '../soundpost-error.ts';

/** An answer's body on disk, and what its headers and the user say of it. */
export type Received = {
  file: SliceableBytes;
  contentType: string;
  /** It came without Content-Length: a Truss generator's chunks, or a message that a proxy cut up anew. */
  isStream: boolean;
  intent: Pick<Intent, 'answer' | 'pcm'>;
  folder: RunFolder;
};

/** What an answer turned out to be. */
export type DecodedAnswer = {
  parts: StoredPart[];
  output?: OutputValue;
  text?: string;
  warnings: string[];
  /** Set when a 200 says in its body that it is an error. */
  failure?: SoundpostError;
};

/** A content type without its parameters, in lower case. */
export const bareType = (contentType: string): string =>
  contentType.split(';')[0]?.trim().toLowerCase() ?? '';
