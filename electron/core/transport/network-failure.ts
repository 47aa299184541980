import { hasErrorCode, SoundpostError } from '../soundpost-error.ts';

/**
 * Translates an error of Node's sockets into a failure in words, by its system code. `host` is shown to the user.
 * `answered` says that part of an answer had come, so the request had reached the server.
 */
export function networkFailure(error: unknown, host: string, answered: boolean): Error {
  if (error instanceof SoundpostError) return error;
  if (hasErrorCode(error, 'ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME')) {
    return new SoundpostError(
      'host_not_found',
      `The host ${host} was not found. Check the model id or URL, and this computer’s network connection.`,
      { cause: error },
    );
  }
  if (hasErrorCode(error, 'ECONNREFUSED')) {
    return new SoundpostError(
      'connection_refused',
      `${host} refused the connection: nothing answers there. Check the URL, or whether its server is running.`,
      { cause: error },
    );
  }
  if (hasErrorCode(error, 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL')) {
    return new SoundpostError(
      'connection_refused',
      `There is no way to ${host} from this network. Check this computer’s network connection.`,
      { cause: error },
    );
  }
  if (hasErrorCode(error, 'ETIMEDOUT')) {
    return new SoundpostError(
      'timed_out',
      `${host} did not answer in time. Check the network connection and try again.`,
      { cause: error },
    );
  }
  if (isTlsError(error)) {
    return new SoundpostError(
      'tls_failed',
      `The connection to ${host} is not safe, so nothing was sent: its certificate could not be verified. Check the URL, this computer’s clock, and whether your office network inspects traffic.`,
      { cause: error, detail: describe(error) },
    );
  }
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('HPE_')) {
    return new SoundpostError(
      'protocol_error',
      `${host} answered something that is not HTTP. Check the URL, and whether it should begin with http: or https:.`,
      { cause: error, detail: describe(error) },
    );
  }
  return new SoundpostError(
    answered ? 'answer_incomplete' : 'connection_lost',
    answered
      ? `The connection to ${host} was lost before the answer was complete. What had come is kept; run it again for the rest.`
      : `The connection to ${host} was lost before an answer came. The model may have been restarted, or the network failed; try again.`,
    { cause: error, detail: describe(error) },
  );
}

function isTlsError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$)/.test(code) ||
    isTlsError(error.cause)
  );
}

/** Only the code: a message may hold an address or worse. */
function describe(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
