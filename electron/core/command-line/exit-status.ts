import { failureCodes, type FailureCode } from '../../contract/failure.ts';

const CANCELLED = 130;

/** The command line's exit status for a failure: whose side it is on. 130 is what shells expect after SIGINT. */
export function exitStatus(code: FailureCode): number {
  if (code === 'cancelled') return CANCELLED;
  const group = Object.values(failureCodes).find(({ codes }) =>
    codes.some((member) => member === code),
  );
  return group?.exit ?? 1;
}
