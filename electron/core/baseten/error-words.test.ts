import { encode } from '@msgpack/msgpack';
import { describe, expect, test } from 'vitest';
import { answered, mediaBytes } from '../testing/answered.ts';
import { says } from '../testing/model-answers.ts';

describe('the words of an error', () => {
  const detailOf = async (body: unknown, type?: string): Promise<string | undefined> =>
    (await answered(says(500, body, type === undefined ? {} : { type }))).outcome.failure?.detail;

  test('are taken out of msgpack and of a proxy’s page', async () => {
    expect(await detailOf(encode({ error: 'in msgpack' }), 'application/octet-stream')).toBe(
      'in msgpack',
    );
    const page =
      '<!DOCTYPE html><html><head><title>502 Bad Gateway</title><style>a{}</style></head><body><h1>502 Bad Gateway</h1><p>nginx</p><script>x()</script></body></html>';
    expect(await detailOf(page, 'text/html')).toBe('502 Bad Gateway\nnginx');
  });

  test('are read from OpenAI’s shape and from shapes nobody knows', async () => {
    expect(await detailOf({ error: { message: 'Bad voice', type: 'invalid_request' } })).toBe(
      'Bad voice',
    );
    expect(await detailOf({ errors: [{ message: 'a' }, 'b'] })).toBe('a\nb');
    expect(await detailOf({ code: 7 })).toBe('{"code":7}');
    expect(await detailOf('a\nb', 'text/plain')).toBe('a\nb');
  });

  test('are none when an error is sound, which is kept as a part', async () => {
    const { outcome } = await answered(
      says(500, await mediaBytes('tone.wav'), { type: 'audio/wav' }),
    );
    expect(outcome.failure?.detail).toBe('The answer is WAV 8 kHz mono, not words.');
    expect(outcome.parts[0]?.kind.format).toBe('wav');
  });
});
