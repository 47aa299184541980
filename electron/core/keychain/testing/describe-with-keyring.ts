import { describe, it } from 'vitest';
import { keyringMissing } from './keyring-session.ts';

/**
 * A `describe` for tests that need a real keyring. Without one they are skipped, and that is said on the terminal; under
 * CI a missing keyring fails instead, so that nothing goes untested there unnoticed.
 */
export function describeWithKeyring(title: string, tests: () => void): void {
  const missing = keyringMissing();
  if (missing === null) {
    describe(title, tests);
  } else if (process.env['CI']) {
    it(`${title} need a real keyring`, () => {
      throw new Error(`A real keyring is missing: ${missing}.`);
    });
  } else {
    process.stderr.write(`SKIPPED: ${title}. To run them: ${missing}.\n`);
    describe.skip(title, tests);
  }
}
