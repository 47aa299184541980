import type { FailureCode } from '../../contract/failure.ts';
import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';

/** How far an exchange had come: `unsent` when no byte of the request had left, `answered` when part of an answer was there. */
export type Stage = 'unsent' | 'sent' | 'answered';

type Meaning = { codes: string[]; code: FailureCode; message: (host: string) => string };

/** Failures before a connection stands that may pass by themselves: nothing was sent, so trying again is safe. */
const passing: Meaning[] = [
  {
    codes: ['EAI_AGAIN'],
    code: 'host_not_found',
    message: (host) =>
      `The host ${host} could not be looked up: this computer’s name service does not answer. Check the network connection.`,
  },
  {
    codes: ['ECONNREFUSED'],
    code: 'connection_refused',
    message: (host) =>
      `${host} refused the connection: nothing answers there. Check the URL, or whether its server is running.`,
  },
  {
    codes: ['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'],
    code: 'connection_refused',
    message: (host) =>
      `There is no way to ${host} from this network. Check this computer’s network connection.`,
  },
  {
    codes: ['ETIMEDOUT'],
    code: 'timed_out',
    message: (host) =>
      `${host} did not answer in time. Check the network connection and try again.`,
  },
];

const lasting: Meaning[] = [
  {
    codes: ['ENOTFOUND', 'EAI_NODATA', 'EAI_NONAME'],
    code: 'host_not_found',
    message: (host) =>
      `The host ${host} was not found. Check the model id or URL, and this computer’s network connection.`,
  },
  {
    codes: ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO'],
    code: 'tls_failed',
    message: (host) =>
      `${host} does not speak https there, so nothing was sent. Check the port, and whether the URL should begin with http:.`,
  },
  {
    codes: ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
    code: 'tls_failed',
    message: (host) =>
      `The certificate of ${host} is not valid today, so nothing was sent. Check this computer’s date; if that is right, its owner must renew it.`,
  },
  {
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    code: 'tls_failed',
    message: (host) =>
      `The certificate there is not for ${host}, so nothing was sent. Check the URL; a network that asks you to sign in first looks like this too.`,
  },
  {
    codes: [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ],
    code: 'tls_failed',
    message: (host) =>
      `Nobody this computer trusts has signed the certificate of ${host}, so nothing was sent. If your office inspects traffic or the server is your own, add its CA file.`,
  },
  {
    codes: ['HPE_HEADER_OVERFLOW'],
    code: 'protocol_error',
    message: (host) =>
      `${host} sent more headers than Soundpost takes, so its answer was refused. The model’s server is at fault; its logs may say more.`,
  },
];

/**
 * Translates an error of Node's sockets into a failure in words, by its system code. `host` is shown to the user; for a
 * proxy it says so.
 */
export function networkFailure(error: unknown, host: string, stage: Stage): SoundpostError {
  if (error instanceof SoundpostError) return error;
  const extra = { cause: error, detail: describe(error) };
  const again = stage === 'unsent' ? ({ why: 'unreachable' } as const) : undefined;
  for (const { codes, code, message } of passing) {
    if (hasErrorCode(error, ...codes)) {
      return new SoundpostError(code, message(host), { cause: error, again });
    }
  }
  for (const { codes, code, message } of lasting) {
    if (hasErrorCode(error, ...codes)) return new SoundpostError(code, message(host), extra);
  }
  if (isTlsError(error)) {
    return new SoundpostError(
      'tls_failed',
      `The connection to ${host} is not safe, so nothing was sent: its certificate could not be verified. Check the URL, this computer’s clock, and whether your office network inspects traffic.`,
      extra,
    );
  }
  if (describe(error).startsWith('HPE_')) return notHttp(host, stage, extra);
  return lost(host, stage, { ...extra, again });
}

type Extra = ConstructorParameters<typeof SoundpostError>[2];

function notHttp(host: string, stage: Stage, extra: Extra): SoundpostError {
  const isOtherProtocol = extra?.detail === 'HPE_INVALID_CONSTANT' && stage !== 'answered';
  return new SoundpostError(
    'protocol_error',
    isOtherProtocol
      ? `${host} answered something that is not HTTP. Check the URL, and whether it should begin with http: or https:.`
      : `${host} broke the rules of HTTP in its answer. What had come is kept; the model’s server, or a proxy before it, is at fault.`,
    extra,
  );
}

function lost(host: string, stage: Stage, extra: Extra): SoundpostError {
  switch (stage) {
    case 'unsent':
      return new SoundpostError(
        'connection_lost',
        `${host} closed the connection before anything was sent. Try again.`,
        extra,
      );
    case 'sent':
      return new SoundpostError(
        'connection_lost',
        `The connection to ${host} was lost before an answer came. The model may have been restarted, or the network failed; try again.`,
        extra,
      );
    case 'answered':
      return new SoundpostError(
        'answer_incomplete',
        `The connection to ${host} was lost before the answer was complete. What had come is kept; run it again for the rest.`,
        extra,
      );
  }
}

function isTlsError(error: unknown): boolean {
  return (
    /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_)/.test(describe(error)) ||
    (error instanceof Error && error.cause !== undefined && isTlsError(error.cause))
  );
}

/** Only the code: a message may hold an address or worse. */
function describe(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
