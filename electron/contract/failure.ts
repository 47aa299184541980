/**
 * Every way Soundpost can fail, as a stable code. Scripts and bug reports rely on these: add, never rename.
 * The groups say whose side a failure is on; `exit` is the command line's exit status for the group.
 */
export const failureCodes = {
  // What the user or a script asked for can't be done as asked.
  usage: {
    exit: 2,
    codes: [
      'invalid_request',
      'invalid_target',
      'invalid_field',
      'needs_decoding',
      'unknown_input',
      'key_missing',
      'key_malformed',
      'host_not_approved',
    ],
  },
  // The model or Baseten answered, and the answer is no.
  refused: {
    exit: 1,
    codes: [
      'unauthorized',
      'payment_required',
      'not_found',
      'too_large',
      'rate_limited',
      'model_error',
      'model_rejected_input',
      'model_not_ready',
      'model_timeout',
      'platform_error',
      'redirected',
      'refused',
      'answer_is_error',
      'answer_undecodable',
    ],
  },
  // Nothing, or only part of an answer, could be had over the network.
  network: {
    exit: 3,
    codes: [
      'host_not_found',
      'connection_refused',
      'connection_lost',
      'tls_failed',
      'timed_out',
      'answer_incomplete',
      'protocol_error',
      'proxy_failed',
      'proxy_auth_required',
      'ca_unusable',
      'update_failed',
    ],
  },
  // This computer: its disk, its files, its keychain.
  local: {
    exit: 4,
    codes: [
      'file_unreadable',
      'file_changed',
      'file_exists',
      'disk_full',
      'disk_error',
      'keychain_unavailable',
      'keychain_locked',
      // Soundpost was ended, or the computer, before the run was.
      'interrupted',
    ],
  },
  // Neither: the user's own decision, a page that is not ours, and faults of Soundpost itself.
  other: { exit: 1, codes: ['cancelled', 'forbidden', 'internal'] },
} as const;

export type FailureCode = (typeof failureCodes)[keyof typeof failureCodes]['codes'][number];

/**
 * What crosses to the page when something failed. `message` is one or two plain sentences: what happened and whose side
 * it is on, then what to do. `detail` is what the server said, at most 4,000 characters. Never holds a key or a local path.
 */
export type Failure = {
  code: FailureCode;
  message: string;
  detail?: string;
};

/** Answers never throw across the process line: Electron would keep only an error's message. */
export type Result<T> = { ok: true; data: T } | { ok: false; failure: Failure };
