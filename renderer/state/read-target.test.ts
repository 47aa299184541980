import { expect, test } from 'vitest';
import { addressOf, readTarget } from './read-target.ts';

const production = { kind: 'production' } as const;

test('a model id becomes the predict URL of its deployment', () => {
  const urls = [
    production,
    { kind: 'development' } as const,
    { kind: 'environment', name: 'staging' } as const,
    { kind: 'deployment', id: 'w7m0p2k' } as const,
  ].map((deployment) => {
    const read = readTarget(' abc12de ', deployment);
    return read.ok ? read.url : read.hint;
  });
  expect(urls).toEqual([
    'https://model-abc12de.api.baseten.co/production/predict',
    'https://model-abc12de.api.baseten.co/development/predict',
    'https://model-abc12de.api.baseten.co/environments/staging/predict',
    'https://model-abc12de.api.baseten.co/deployment/w7m0p2k/predict',
  ]);
});

test('of a pasted curl command only the URL is taken', () => {
  const read = readTarget(
    "curl -X POST 'https://model-abc.api.baseten.co/production/predict' -H 'Authorization: Api-Key secret' -d '{}'",
    production,
  );
  expect(read).toEqual({
    ok: true,
    target: { kind: 'url', url: 'https://model-abc.api.baseten.co/production/predict' },
    url: 'https://model-abc.api.baseten.co/production/predict',
  });
});

test('a key pasted with a curl command does not stay in the address', () => {
  const typed =
    'curl --request POST --header "Authorization: Api-Key secret" --url https://model-abc.api.baseten.co/production/predict';
  expect(addressOf(typed)).toBe('https://model-abc.api.baseten.co/production/predict');
  expect(addressOf('abc12de')).toBe('abc12de');
});

test('what could steer the key to another host is no model id', () => {
  expect(readTarget('x@evil.example/', production).ok).toBe(false);
  expect(readTarget('a.b', production).ok).toBe(false);
  expect(readTarget('abc', { kind: 'environment', name: '../x' }).ok).toBe(false);
});

test('what looks like a web address and is none is spoken of as one', () => {
  const hintFor = (typed: string): string => {
    const read = readTarget(typed, production);
    return read.ok ? '' : read.hint;
  };
  for (const typed of ['tts.acme.dev/v1', 'ftp://tts.acme.dev', 'https://']) {
    expect(hintFor(typed)).toContain('Write it as https://host/path.');
  }
  expect(hintFor('Whisper large')).toContain('neither a model id');
});
