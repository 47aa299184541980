import { describe, expect, it } from 'vitest';
import { SoundpostError } from '../soundpost-error.ts';
import { parseKey } from './parse-key.ts';

const KEY = 'abcd1234.SECRET5678';

describe('what is taken as a key', () => {
  it.each([
    KEY,
    `  ${KEY}\r\n`,
    `\u200b${KEY}\ufeff`,
    `"${KEY}"`,
    `‘${KEY}’`,
    `Api-Key ${KEY}`,
    `Bearer ${KEY}`,
    `bearer "${KEY}"`,
    `Authorization: Api-Key ${KEY}`,
    `-H "Authorization: Api-Key ${KEY}"`,
    `-H 'Authorization: Bearer ${KEY}'`,
    `BASETEN_API_KEY=${KEY}`,
    `export BASETEN_API_KEY="${KEY}"`,
    `set BASETEN_API_KEY=${KEY}`,
    `setx BASETEN_API_KEY ${KEY}`,
    `$env:BASETEN_API_KEY = '${KEY}'`,
    `api_key = ${KEY}`,
  ])('finds the key in %j', (pasted) => {
    expect(parseKey(pasted)).toBe(KEY);
  });

  it.each([
    '',
    '   ',
    '""',
    'Api-Key ',
    'short.1',
    `${KEY}\r\nX-Evil: 1`,
    `${KEY} ${KEY}`,
    `${KEY}\u0000`,
    'ключ.секретный',
    'x'.repeat(513),
  ])('refuses %j without repeating it', (pasted) => {
    try {
      parseKey(pasted);
    } catch (error) {
      if (!(error instanceof SoundpostError)) throw error;
      expect(error.code).toBe('key_malformed');
      const words = pasted.split(/\s+/).filter((word) => word.length > 6);
      for (const word of words) expect(error.message).not.toContain(word);
      return;
    }
    expect.unreachable('it was taken');
  });
});
