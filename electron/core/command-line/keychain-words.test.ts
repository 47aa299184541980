import { expect, test } from 'vitest';
import { keychainFailure } from '../keychain/keychain-failure.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { keychainWords } from './keychain-words.ts';

test('what helps instead of a keychain is the environment, not a session', () => {
  const failure = keychainWords(keychainFailure({ kind: 'crashed' }, 'linux'));
  expect(failure).toMatchObject({ code: 'keychain_unavailable' });
  expect(String(failure)).toMatch(/starts anew each time\. Or set BASETEN_API_KEY\.$/);
  expect(String(failure)).not.toContain('session');
});

test('other failures keep their words', () => {
  const failure = new SoundpostError('key_malformed', 'BASETEN_API_KEY is no key.');
  expect(keychainWords(failure)).toBe(failure);
});
