import type { FailureCode } from '../../contract/failure.ts';
import type { Intent } from '../../contract/intent.ts';
import { SoundpostError } from '../soundpost-error.ts';

/** What an error answer says of itself, read from its body and headers. */
export type ErrorAnswer = {
  status: number;
  /** How the request's body was written. */
  sentAs: Intent['body'];
  /** Whether an Authorization header went along. */
  sentKey: boolean;
  host: string;
  /** The whole body as text, cut at some thousand characters. */
  body: string;
  /** `X-BASETEN-ERROR-CODE`: 500 unexpected, 600 the model, 700 the client (Truss, errors.py). */
  errorCode: string | undefined;
  location: string | undefined;
};

type Meaning = [code: FailureCode, message: string];

const byStatus: Record<number, Meaning> = {
  401: [
    'unauthorized',
    'Baseten did not accept the key. Check that it is whole and not revoked, and that it belongs to this workspace.',
  ],
  402: [
    'payment_required',
    'Baseten asks for payment before it runs this model. Check the workspace’s billing.',
  ],
  403: [
    'unauthorized',
    'The key may not use this model. Use a key that may, or ask the workspace’s admin.',
  ],
  404: [
    'not_found',
    'Nothing answers at this address. Check the model id and the deployment; a deactivated deployment answers like this too.',
  ],
  408: ['model_timeout', 'The server gave up waiting. Try again.'],
  413: [
    'too_large',
    'The request is larger than the server takes; Baseten takes 100 MB. Send a shorter file, or a compressed one, or msgpack instead of JSON.',
  ],
  429: [
    'rate_limited',
    'The server is too busy or a rate limit was reached. Wait a little and try again.',
  ],
  499: ['connection_lost', 'The server says that the client went away. Try again.'],
  502: [
    'platform_error',
    'Baseten could not reach the model: it may have crashed or run out of memory. Its logs say why.',
  ],
  503: [
    'model_not_ready',
    'The model is not ready. Wait until its deployment is active and try again.',
  ],
  504: [
    'model_timeout',
    'The model took longer than Baseten’s limit of 20 minutes. Its logs may say why; try a shorter input.',
  ],
};

/**
 * Says what an error answer means: whose side it is on and what to do. The server's own words go along as `detail`.
 * Sources: Truss's errors.py and Baseten's error reference.
 */
export function refusal(answer: ErrorAnswer): SoundpostError {
  const [code, message] = meaning(answer);
  return new SoundpostError(code, message, { detail: serverWords(answer.body) });
}

function meaning(answer: ErrorAnswer): Meaning {
  const { status, errorCode, location } = answer;
  if (status >= 300 && status < 400) {
    const host = location ? URL.parse(location)?.host : undefined;
    return [
      'redirected',
      `The server points elsewhere${host ? `, to ${host}` : ''}. Soundpost does not follow, so that the key and the file stay where you sent them; use the right address.`,
    ];
  }
  const words = serverWords(answer.body);
  const isPlain = answer.sentAs === 'raw' || answer.sentAs === 'multipart';
  if (isPlain && /UnicodeDecodeError|Invalid JSON payload/.test(words)) {
    return [
      'model_rejected_input',
      `The model tried to read the ${answer.sentAs === 'raw' ? 'file’s bytes as JSON, so it takes no raw body' : 'form as JSON, so it takes none'}. Send msgpack or JSON instead.`,
    ];
  }
  if (errorCode === '700') {
    return [
      'model_rejected_input',
      'The model did not accept the input. Its own words below say what it wants; change the fields and run again.',
    ];
  }
  if (
    status === 500 &&
    /ExtraData|Unpack failed|FormatError|UnicodeDecodeError|strict_map_key/.test(words)
  ) {
    return [
      'model_rejected_input',
      'The model could not read the request as msgpack. Choose the body that it expects, msgpack or JSON.',
    ];
  }
  if (status === 500 && /not JSON serializable/.test(words)) {
    return [
      'model_error',
      'The model answered bytes, which can’t be put into JSON. Send the request as msgpack, and the answer comes as msgpack.',
    ];
  }
  if (errorCode === '600' && status === 500) {
    return ['model_error', 'The model raised an error. Its logs on Baseten say why.'];
  }
  if (errorCode === '600' && status < 500) {
    return ['model_rejected_input', 'The model refused the request. Its own words below say why.'];
  }
  if (status === 401 && !answer.sentKey) {
    return [
      'unauthorized',
      `${answer.host} wants a key, and none was sent. Paste your key and allow this host to have it.`,
    ];
  }
  if (status === 401 && !answer.host.endsWith('.baseten.co')) {
    return [
      'unauthorized',
      `${answer.host} did not accept the key. It may want a key of its own, or Bearer instead of Api-Key.`,
    ];
  }
  const known = byStatus[status];
  if (known) return known;
  if (status === 400 || status === 422) {
    return [
      'model_rejected_input',
      'The server did not accept the request. Its own words below say why; change the fields and run again.',
    ];
  }
  return status >= 500
    ? [
        'model_error',
        `The server failed (${status}). The model’s logs may say why; try again in a minute if it was starting.`,
      ]
    : ['refused', `The server refused the request (${status}). Its own words below may say why.`];
}

/** The `error`, `detail` or `message` of a JSON error body, or the body itself. */
function serverWords(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'string') return parsed;
    if (typeof parsed === 'object' && parsed !== null) {
      for (const key of ['error', 'detail', 'message']) {
        const words: unknown = Reflect.get(parsed, key);
        if (typeof words === 'string') return words;
        if (words !== undefined && words !== null) return JSON.stringify(words, null, 2);
      }
    }
  } catch {
    // Not JSON: proxies and models answer in their own forms.
  }
  return body.trim();
}
