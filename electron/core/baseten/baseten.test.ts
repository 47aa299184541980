import { describe, expect, test } from 'vitest';
import { authorization, type HostDecision } from './authorization.ts';
import { endpointUrl, isBasetenHost } from './endpoint.ts';
import { managementUrl } from './management-url.ts';
import { refusal } from './refusal.ts';

const key = 'abcd1234.s3cret';

function authorize(
  url: string,
  {
    decision = 'cancel',
    approved = false,
    stored = key,
  }: { decision?: HostDecision; approved?: boolean; stored?: string | null } = {},
): Promise<Record<string, string>> {
  return authorization({
    url: new URL(url),
    auth: 'api-key',
    useKey: () => Promise.resolve(stored),
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
    expect(await authorize('http://127.0.0.1:8080/x', { stored: null })).toEqual({});
  });

  test('never travels unencrypted to another computer, whatever was approved', async () => {
    await expect(authorize('http://gpu.lan:8080/x', { approved: true })).rejects.toMatchObject({
      code: 'invalid_target',
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

describe('an error answer is said with whose side it is on', () => {
  const none = {
    sentAs: 'msgpack',
    sentKey: true,
    host: 'model-x.api.baseten.co',
    errorCode: undefined,
    location: undefined,
  } as const;
  test.each([
    [
      500,
      '600',
      '{"error":"Internal Server Error (in model/chainlet)."}',
      'model_error',
      /model raised/,
    ],
    [400, '700', '{"error":"Invalid JSON payload: x"}', 'model_rejected_input', /did not accept/],
    [
      500,
      '500',
      '{"error":"Unhandled exception: ExtraData: unpack(b) received extra data."}',
      'model_rejected_input',
      /msgpack/,
    ],
    [
      500,
      '500',
      '{"error":"Unhandled exception: TypeError: Object of type bytes is not JSON serializable"}',
      'model_error',
      /as msgpack/,
    ],
    [401, undefined, '{"error":"bad key"}', 'unauthorized', /did not accept the key/],
    [404, undefined, '', 'not_found', /model id/],
    [413, undefined, '<html>', 'too_large', /100 MB/],
    [429, undefined, '', 'rate_limited', /Wait/],
    [
      503,
      undefined,
      '"It appears your model has stopped running."',
      'model_not_ready',
      /not ready/,
    ],
    [418, undefined, 'teapot', 'refused', /418/],
  ] as const)('%i with code %s', (status, errorCode, body, code, words) => {
    const error = refusal({ ...none, status, errorCode, body });
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
    if (body.startsWith('"'))
      expect(error.detail).toBe('It appears your model has stopped running.');
  });

  test('a raw body or a form that was read as JSON says what to send instead', () => {
    const body = '{"error":"Invalid JSON payload: x"}';
    const answer = { ...none, status: 400, errorCode: '700', body };
    expect(refusal({ ...answer, sentAs: 'raw' }).message).toMatch(/no raw body/);
    expect(refusal({ ...answer, sentAs: 'multipart' }).message).toMatch(/the form as JSON/);
  });

  test('a 401 says which host wants a key, and whether one was sent', () => {
    const answer = { ...none, host: 'my.example', status: 401, errorCode: undefined, body: '' };
    expect(refusal({ ...answer, sentKey: false }).message).toMatch(
      /my\.example wants a key, and none/,
    );
    expect(refusal(answer).message).toMatch(/my\.example did not accept the key/);
  });

  test('a redirect is named and not followed', () => {
    const error = refusal({
      ...none,
      status: 307,
      body: '',
      location: 'https://elsewhere.example/x',
    });
    expect(error).toMatchObject({ code: 'redirected' });
    expect(error.message).toContain('elsewhere.example');
  });
});
