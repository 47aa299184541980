import { describe, expect, test } from 'vitest';
import { answered } from '../testing/answered.ts';
import type { Behaviour } from '../testing/model-server.ts';
import { redirect, says } from '../testing/model-answers.ts';
import { refusal } from './refusal.ts';

const truss = (code: number) => ({
  headers: { 'X-BASETEN-ERROR-SOURCE': '04', 'X-BASETEN-ERROR-CODE': String(code) },
});
const unhandled = (what: string) => ({ error: `Unhandled exception: ${what}` });

describe('each error answer of Truss and of Baseten says whose side it is on', () => {
  test.each<[string, Behaviour, string, RegExp, RegExp | undefined]>([
    [
      'an exception in the model',
      says(500, { error: 'Internal Server Error (in model/chainlet).' }, truss(600)),
      'model_error',
      /model raised an error/,
      /Internal Server Error/,
    ],
    [
      'an HTTPException with a map',
      says(422, { error: { field: 'audio', message: 'too long' } }, truss(600)),
      'model_rejected_input',
      /refused/,
      /^too long$/,
    ],
    [
      'an error inside a chain',
      says(
        500,
        {
          error: {
            exception_cls_name: 'ValueError',
            exception_message: 'no speech',
            user_stack_trace: [
              { filename: 'main.py', lineno: 7, name: 'run_remote', line: ' x()' },
            ],
          },
        },
        truss(600),
      ),
      'model_error',
      /raised/,
      /^ValueError: no speech\n {2}main\.py, line 7, in run_remote: x\(\)$/,
    ],
    [
      'not loaded yet',
      says(503, { error: 'Model with name model is not ready.' }, truss(600)),
      'model_not_ready',
      /not ready/,
      undefined,
    ],
    [
      'pydantic',
      says(400, { error: 'Input Parsing Error:\n  `audio`: Field required' }, truss(700)),
      'model_rejected_input',
      /did not accept/,
      /`audio`: Field required/,
    ],
    [
      'raw sound taken for msgpack',
      says(500, unhandled('ExtraData: unpack(b) received extra data.'), truss(500)),
      'model_rejected_input',
      /as msgpack/,
      undefined,
    ],
    [
      'msgpack taken for JSON',
      says(500, unhandled("UnicodeDecodeError: 'utf-8' codec can't decode byte 0x81"), truss(500)),
      'model_rejected_input',
      /Choose the body/,
      undefined,
    ],
    [
      'bytes in a JSON answer',
      says(500, unhandled('TypeError: Object of type bytes is not JSON serializable'), truss(500)),
      'model_error',
      /Send the request as msgpack/,
      undefined,
    ],
    [
      'a method that is not there',
      says(404, { error: '`chat_completions` must only be called if model has it.' }, truss(700)),
      'not_found',
      /no such method/,
      undefined,
    ],
    [
      'an unknown path',
      says(404, { detail: 'Not Found' }),
      'not_found',
      /not at this path/,
      undefined,
    ],
    ['a bad definition', says(412, { error: 'x' }, truss(600)), 'model_error', /definition/, /x/],
    [
      'a client gone',
      says(499, { error: 'x' }, truss(600)),
      'connection_lost',
      /went away/,
      undefined,
    ],
    [
      'the model’s own answer',
      says(503, 'GPU on fire', { ...truss(700), type: 'text/plain' }),
      'model_error',
      /of its own/,
      /^GPU on fire$/,
    ],
    [
      'a crashed development model',
      says(503, '"It appears your model has stopped running. Check its logs."'),
      'model_error',
      /development deployment has stopped/,
      /^It appears/,
    ],
    [
      'FastAPI’s validation',
      says(422, {
        detail: [{ loc: ['body', 'audio', 0], msg: 'Field required', type: 'missing' }],
      }),
      'model_rejected_input',
      /did not accept/,
      /^body\.audio\.0: Field required$/,
    ],
    [
      'the edge’s 400',
      says(400, { error: 'Malformed request' }),
      'model_rejected_input',
      /not accept/,
      /Malformed/,
    ],
    ['billing', says(402, { error: 'x' }), 'payment_required', /billing/, undefined],
    ['no permission', says(403, { error: 'x' }), 'unauthorized', /may not use/, undefined],
    ['no model', says(404, { error: 'Model not found' }), 'not_found', /model id/, undefined],
    [
      'too large',
      says(413, '<html><title>413 Too Large</title></html>'),
      'too_large',
      /100 MB/,
      /413 Too Large/,
    ],
    ['load shed', says(429, { error: 'x' }), 'rate_limited', /Wait/, undefined],
    [
      'crashed',
      says(502, { error: 'Error making prediction' }),
      'platform_error',
      /crashed/,
      /Error making/,
    ],
    ['too slow', says(504, ''), 'model_timeout', /20 minutes/, undefined],
    ['anything else', says(418, 'teapot'), 'refused', /418/, /teapot/],
    [
      'elsewhere',
      redirect('https://elsewhere.example/x'),
      'redirected',
      /to elsewhere\.example/,
      undefined,
    ],
  ])('%s', async (_name, behaviour, code, message, detail) => {
    const { outcome } = await answered(behaviour);
    expect(outcome).toMatchObject({ state: 'failed', failure: { code } });
    expect(outcome.failure?.message).toMatch(message);
    if (detail) expect(outcome.failure?.detail).toMatch(detail);
    expect(outcome.requestId).toMatch(/^[0-9a-f]+$/);
  });

  test.each([
    ['timeout', 'model_timeout'],
    ['client_error', 'model_rejected_input'],
    ['model_unavailable', 'model_not_ready'],
    ['model_not_ready', 'model_not_ready'],
    ['model_does_not_exist', 'not_found'],
    ['rate_limited', 'rate_limited'],
    ['payload_too_large', 'too_large'],
    ['unauthorized', 'unauthorized'],
    ['application_error', 'model_error'],
    ['internal_baseten_error', 'platform_error'],
  ])('error_code %s, under any status', async (error_code, code) => {
    const { outcome } = await answered(says(500, { error: 'No.', error_code, detail: 'Because.' }));
    expect(outcome.failure).toMatchObject({ code, detail: 'No.\nBecause.' });
  });
});

describe('what was sent decides what to send instead', () => {
  const none = {
    sentAs: 'msgpack',
    sentKey: true,
    host: 'model-x.api.baseten.co',
    errorCode: undefined,
    location: undefined,
    words: '',
  } as const;

  test('a raw body or a form that was read as a message', () => {
    const answer = { ...none, status: 400, errorCode: '700', words: 'Invalid JSON payload: x' };
    expect(refusal({ ...answer, sentAs: 'raw' }).message).toMatch(/no raw body/);
    expect(refusal({ ...answer, sentAs: 'multipart' }).message).toMatch(/the form as JSON/);
    expect(refusal({ ...answer, sentAs: 'json' }).message).toMatch(/did not accept the input/);
  });

  test('a 401 says which host wants a key, and whether one was sent', () => {
    expect(refusal({ ...none, status: 401 }).message).toMatch(/Baseten did not accept the key/);
    const answer = { ...none, host: 'my.example', status: 401 };
    expect(refusal({ ...answer, sentKey: false }).message).toMatch(/my\.example wants a key/);
    expect(refusal(answer).message).toMatch(/my\.example did not accept the key/);
  });

  test('a 500 of Baseten’s own may be a cold start that took too long', () => {
    expect(refusal({ ...none, status: 500 }).message).toMatch(/run again in a minute/);
  });
});
