import type { FailureCode } from '../../contract/failure.ts';

/** A failure's code, and what to tell the user: whose side it is on and what to do. */
export type Meaning = [code: FailureCode, message: string];

/** What a status means when nothing else tells more (Baseten's error reference; Truss's errors.py). */
export const byStatus: Record<number, Meaning> = {
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
  405: ['refused', 'This address takes no POST. Check the path; models answer under …/predict.'],
  408: ['model_timeout', 'The server gave up waiting. Try again.'],
  413: [
    'too_large',
    'The request is larger than the server takes; Baseten takes 100 MB. Send a shorter file, or a compressed one, or msgpack instead of JSON.',
  ],
  412: [
    'model_error',
    'The model’s own code can’t be run as it is: Truss refuses its definition. Its words are below; the model must be fixed.',
  ],
  415: [
    'model_rejected_input',
    'The server does not take a body of this kind. Choose another: msgpack, JSON, raw or a form.',
  ],
  407: [
    'proxy_auth_required',
    'The proxy on the way wants a name and a password, or refused the ones it got; nothing reached the model. Put them into the proxy’s address: http://name:password@host:port.',
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

/** The `error_code` of Baseten's error bodies (the inference API's OpenAPI file) as the status that means the same. */
export const statusOfCode: Record<string, number> = {
  timeout: 504,
  client_error: 400,
  model_unavailable: 503,
  model_not_ready: 503,
  model_does_not_exist: 404,
  rate_limited: 429,
  payload_too_large: 413,
  unauthorized: 401,
  internal_baseten_error: 502,
};
