import type { FailureCode } from './failure.ts';
import type { Intent } from './intent.ts';

/** A change to a request that was tried and would let it be sent. `asItIs`: each file travels as the body has it by itself. */
export type Remedy = { label: string; body: Intent['body']; asItIs: boolean };

/** Something to know before a request is sent. */
export type PreflightNote = {
  code: FailureCode;
  message: string;
  /** It surely can't be sent as it is. */
  blocks: boolean;
  remedies: Remedy[];
};
