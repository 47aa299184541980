import type { Failure, FailureCode } from '../contract/failure.ts';
import type { Retry } from '../contract/run.ts';

const DETAIL_LIMIT = 4000;

/** Why the same request may be sent again unasked; `after` is what the server asked for, in milliseconds. */
export type Again = { why: Retry['why']; after?: number | undefined };

type Extra = { cause?: unknown; detail?: string | undefined; again?: Again | undefined };

/**
 * A failure we understand. `message` is for the user: what happened and whose side it is on, then what to do. It crosses
 * to the page as it is, so it holds no key and no local path; `cause` stays in the main process, for the log.
 */
export class SoundpostError extends Error {
  override name = 'SoundpostError' as const;
  readonly code: FailureCode;
  readonly detail: string | undefined;
  /** Absent when only the user may decide to try again, as generating twice costs twice. */
  readonly again: Again | undefined;

  constructor(code: FailureCode, message: string, { cause, detail, again }: Extra = {}) {
    super(message, { cause });
    this.code = code;
    this.detail = detail;
    this.again = again;
  }
}

/** Failures we don't understand become one opaque code: their text may hold a path or a key, so only the log has it. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof SoundpostError)) {
    return {
      code: 'internal',
      message:
        'Soundpost itself failed here; your files are as they were. Its log has the details.',
    };
  }
  const { code, message, detail } = error;
  return detail ? { code, message, detail: detail.slice(0, DETAIL_LIMIT) } : { code, message };
}

/** True when `error` carries this Node.js or system error code (`ENOENT`, `ECONNRESET`), itself or as a cause. */
export function hasErrorCode(error: unknown, ...codes: string[]): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && codes.includes(error.code)) return true;
  return hasErrorCode(error.cause, ...codes);
}
