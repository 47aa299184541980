import type { Failure, FailureCode } from '../contract/failure.ts';

const DETAIL_LIMIT = 4000;

type Extra = { cause?: unknown; detail?: string };

/**
 * A failure we understand. `message` is for the user: what happened and whose side it is on, then what to do. It crosses
 * to the page as it is, so it holds no key and no local path; `cause` stays in the main process, for the log.
 */
export class SoundpostError extends Error {
  override name = 'SoundpostError' as const;
  readonly code: FailureCode;
  readonly detail: string | undefined;

  constructor(code: FailureCode, message: string, { cause, detail }: Extra = {}) {
    super(message, { cause });
    this.code = code;
    this.detail = detail;
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
