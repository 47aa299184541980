import type { Intent } from '../../contract/intent.ts';
import { SoundpostError } from '../soundpost-error.ts';
import { byStatus, statusOfCode, type Meaning } from './error-meaning.ts';

/** What an error answer says of itself, read from its body and headers. */
export type ErrorAnswer = {
  status: number;
  /** How the request's body was written. */
  sentAs: Intent['body'];
  /** Whether an Authorization header went along. */
  sentKey: boolean;
  host: string;
  /** The body's own words, made readable. */
  words: string;
  /** `error_code` in the body, on Baseten's own errors. */
  saidCode?: string | undefined;
  /** `X-BASETEN-ERROR-CODE`: 500 unexpected, 600 the model, 700 the client (Truss, errors.py). */
  errorCode: string | undefined;
  location: string | undefined;
  /** How long the server wants to be left alone, in milliseconds. */
  retryAfter?: number | undefined;
};

/**
 * Says what an error answer means: whose side it is on and what to do. The server's own words go along as `detail`.
 * Sources: Truss's errors.py and Baseten's error reference.
 */
export function refusal(answer: ErrorAnswer): SoundpostError {
  const [code, message] =
    redirected(answer) ??
    mistaken(answer) ??
    fromModel(answer) ??
    unauthorized(answer) ??
    fromServer(answer);
  const { status, words, retryAfter: after } = answer;
  const isBusy = status === 429 || status === 503;
  return new SoundpostError(code, message, {
    detail: words,
    again: isBusy ? { why: 'busy', after } : undefined,
  });
}

function redirected({ status, location }: ErrorAnswer): Meaning | undefined {
  if (status < 300 || status >= 400) return undefined;
  const host = location ? URL.parse(location)?.host : undefined;
  return [
    'redirected',
    `The server points elsewhere${host ? `, to ${host}` : ''}. Soundpost does not follow, so that the key and the file stay where you sent them; use the right address.`,
  ];
}

/** What Truss says when the body is another than the model expects, by how it was sent. */
const misread: Record<Intent['body'], string> = {
  raw: 'The model tried to read the file’s bytes as a message, so it takes no raw body. Send msgpack or JSON instead.',
  multipart:
    'The model tried to read the form as JSON, so it takes none. Send msgpack or JSON instead.',
  msgpack:
    'The model could not read the request as msgpack. Choose the body that it expects, msgpack or JSON.',
  json: 'The model could not read the request as it was sent. Choose the body that it expects, msgpack or JSON.',
};

function mistaken({ status, sentAs, words }: ErrorAnswer): Meaning | undefined {
  const isUnread =
    /ExtraData|Unpack failed|FormatError|UnicodeDecodeError|strict_map_key/.test(words) ||
    (sentAs !== 'json' && /Invalid JSON payload/.test(words));
  if (isUnread && [400, 422, 500].includes(status))
    return ['model_rejected_input', misread[sentAs]];
  if (status === 500 && /not JSON serializable/.test(words)) {
    return [
      'model_error',
      'The model answered bytes, which can’t be put into JSON. Send the request as msgpack, and the answer comes as msgpack.',
    ];
  }
  // The control proxy in front of development deployments (truss, control/endpoints.py).
  if (/^It appears your model has stopped running/.test(words)) {
    return [
      'model_error',
      'The model on this development deployment has stopped running. Its logs on Baseten say why; mend it and push it again.',
    ];
  }
  return undefined;
}

function fromModel({ status, errorCode, words }: ErrorAnswer): Meaning | undefined {
  if (status === 404 && /must only be called if model has it/.test(words)) {
    return ['not_found', 'This model has no such method. Check the path; most have only predict.'];
  }
  if (status === 404 && words === 'Not Found') {
    return ['not_found', 'The model’s server answers, but not at this path. Check the path.'];
  }
  if (errorCode === '600' && status === 500) {
    return ['model_error', 'The model raised an error. Its logs on Baseten say why.'];
  }
  if (errorCode === '700' && (status === 400 || status === 422)) {
    return [
      'model_rejected_input',
      'The model did not accept the input. Its own words below say what it wants; change the fields and run again.',
    ];
  }
  if (errorCode === '700' && status >= 500) {
    return ['model_error', 'The model answered with an error of its own. Its words are below.'];
  }
  if (errorCode === '600' && status < 500 && status !== 499 && status !== 412) {
    return ['model_rejected_input', 'The model refused the request. Its own words below say why.'];
  }
  return undefined;
}

function unauthorized({ status, sentKey, host }: ErrorAnswer): Meaning | undefined {
  if (status !== 401) return undefined;
  if (!sentKey) {
    return [
      'unauthorized',
      `${host} wants a key, and none was sent. Paste your key and allow this host to have it.`,
    ];
  }
  if (host.endsWith('.baseten.co')) return undefined;
  return [
    'unauthorized',
    `${host} did not accept the key. It may want a key of its own, or Bearer instead of Api-Key.`,
  ];
}

function fromServer({ status, saidCode, errorCode, host }: ErrorAnswer): Meaning {
  if (saidCode === 'application_error') {
    return ['model_error', 'The model failed. Its own words are below, and its logs say why.'];
  }
  const known = byStatus[statusOfCode[saidCode ?? ''] ?? status] ?? byStatus[status];
  if (known) return known;
  if (status === 400 || status === 422 || saidCode === 'client_error') {
    return [
      'model_rejected_input',
      'The server did not accept the request. Its own words below say why; change the fields and run again.',
    ];
  }
  if (status === 500 && errorCode === undefined && host.endsWith('.baseten.co')) {
    return [
      'model_error',
      'The model failed, or Baseten gave up waiting for it to start. If it was starting, run again in a minute; else its logs say why.',
    ];
  }
  return status >= 500
    ? [
        'model_error',
        `The server failed (${status}). The model’s logs may say why; try again in a minute if it was starting.`,
      ]
    : ['refused', `The server refused the request (${status}). Its own words below may say why.`];
}
