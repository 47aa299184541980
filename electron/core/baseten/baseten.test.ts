import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { modelPathSchema, type Intent } from '../../contract/intent.ts';
import { authorization, type HostDecision } from './authorization.ts';
import { endpointUrl, isBasetenHost } from './endpoint.ts';
import { oneKey } from './key-choice.ts';
import { managementUrl } from './management-url.ts';

const key = 'abcd1234.s3cret';

function authorize(
  url: string,
  {
    auth = 'api-key',
    decision = 'cancel',
    approved = false,
    stored = key,
  }: {
    auth?: Intent['auth'];
    decision?: HostDecision;
    approved?: boolean;
    stored?: string | null;
  } = {},
): Promise<Record<string, string>> {
  return authorization({
    url: new URL(url),
    auth,
    keys: oneKey(stored),
    isApproved: () => Promise.resolve(approved),
    askForHost: () => Promise.resolve(decision),
  });
}

describe('the key', () => {
  test('goes to Baseten’s hosts', async () => {
    expect(await authorize('https://model-abc.api.baseten.co/production/predict')).toEqual({
      authorization: `Api-Key ${key}`,
    });
  });

  test.each([
    'https://model-abc.api.baseten.co.evil.example/predict',
    'https://evil.example/model-abc.api.baseten.co',
    'https://model-x@evil.example/.api.baseten.co/predict',
    'https://api.baseten.co:8443/',
    'http://model-abc.api.baseten.co/predict',
  ])('does not go to %s without a yes', async (url) => {
    expect(isBasetenHost(new URL(url))).toBe(false);
    await expect(authorize(url)).rejects.toMatchObject({
      code: url.startsWith('http:') ? 'invalid_target' : 'host_not_approved',
    });
  });

  test('a host of the user’s own gets it after a yes, and works without it', async () => {
    expect(await authorize('https://my.example/x', { decision: 'send-key' })).toHaveProperty(
      'authorization',
    );
    expect(await authorize('https://my.example/x', { approved: true })).toHaveProperty(
      'authorization',
    );
    expect(await authorize('https://my.example/x', { decision: 'send-without-key' })).toEqual({});
    const without = { stored: null, decision: 'send-without-key' } as const;
    expect(await authorize('http://127.0.0.1:8080/x', without)).toEqual({});
  });

  test('that there is none to send leaves it to the user whether a host is asked', async () => {
    for (const url of [
      'https://evil.example/',
      'http://127.0.0.1:2375/',
      'http://169.254.169.254/',
    ]) {
      await expect(authorize(url, { stored: null })).rejects.toMatchObject({
        code: 'host_not_approved',
      });
    }
  });

  test('never travels unencrypted to another computer, whatever was approved', async () => {
    await expect(authorize('http://gpu.lan:8080/x', { approved: true })).rejects.toMatchObject({
      code: 'invalid_target',
    });
  });

  test('is not sent with a request that says none, which asks only whether the host may be asked', async () => {
    const none = { auth: 'none' } as const;
    expect(await authorize('https://model-abc.api.baseten.co/x', none)).toEqual({});
    const allowed = { ...none, decision: 'send-without-key' } as const;
    expect(await authorize('http://gpu.lan:8080/x', allowed)).toEqual({});
    await expect(authorize('http://gpu.lan:8080/x', none)).rejects.toMatchObject({
      code: 'host_not_approved',
    });
  });

  test('a missing one is said before anything is sent', async () => {
    await expect(
      authorize('https://model-abc.api.baseten.co/x', { stored: null }),
    ).rejects.toMatchObject({
      code: 'key_missing',
    });
  });
});

test('a model’s own routes follow its deployment, and no path leads out of it', () => {
  const path = v.parse(modelPathSchema, 'sync/v1/audio/speech');
  const deployment = { kind: 'environment', name: 'staging' } as const;
  expect(endpointUrl({ kind: 'model', modelId: 'abc123', deployment, path }).href).toBe(
    'https://model-abc123.api.baseten.co/environments/staging/sync/v1/audio/speech',
  );
  const wrong = ['', '/', '/a', 'a//b', '..', 'a/../b', './a', 'a/.', '../../x', 'a?b', 'a#b'];
  for (const text of [
    ...wrong,
    'a%2e%2e/b',
    'a\\b',
    'a@evil.example',
    'a:1',
    'é',
    'a'.repeat(201),
  ]) {
    expect(v.is(modelPathSchema, text), text).toBe(false);
  }
  for (const text of ['predict', 'run_remote', 'sync/a.b~c/', '...a', 'a..b']) {
    expect(v.is(modelPathSchema, text), text).toBe(true);
  }
});

test('addresses with a user name, other schemes and words are no targets', () => {
  for (const url of ['https://a:b@host/x', 'ftp://host/x', 'file:///etc/passwd', 'host/predict']) {
    expect(() => endpointUrl({ kind: 'url', url })).toThrow(/address/);
  }
});

test('the management address may be another installation’s, but not an unsafe one', () => {
  expect(managementUrl({})).toBe('https://api.baseten.co');
  const name = 'BASETEN_MANAGEMENT_API_URL_OVERRIDE';
  expect(managementUrl({ [name]: 'https://api.mine.example/' })).toBe('https://api.mine.example');
  expect(() => managementUrl({ [name]: 'http://api.mine.example' })).toThrow(/https/);
});
