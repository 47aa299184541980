import * as v from 'valibot';
import { SoundpostError } from '../soundpost-error.ts';
import { askManagement, managementRefusal, type ManagementAsk } from './management-request.ts';

/** A user's description is a few hundred bytes; what is longer is no such thing. */
const ANSWER_LIMIT = 64 * 1024;

const userSchema = v.object({
  email: v.nullish(v.string()),
  name: v.nullish(v.string()),
  workspace_name: v.nullish(v.string()),
});

type Options = Omit<ManagementAsk, 'limit' | 'method'> & {
  /** Without a slash at its end. */
  managementUrl: string;
};

/**
 * Asks Baseten whose key this is. `account` is shown to the user; `note` says that the key is good but limited.
 * @throws SoundpostError `unauthorized` when Baseten does not know the key; a network failure, `timed_out`, `redirected`,
 * `rate_limited`, `platform_error` or `protocol_error` when it could not be asked; `cancelled`; `invalid_target`
 */
export async function checkKey({
  managementUrl,
  ...ask
}: Options): Promise<{ account?: string; note?: string; invokesOnly?: true }> {
  const url = new URL(`${managementUrl}/v1/users/me`);
  const { status, body } = await askManagement(url, { ...ask, limit: ANSWER_LIMIT });
  if (status === 403) {
    return {
      note: 'This key can run models, but may not list them or say whose it is.',
      invokesOnly: true,
    };
  }
  if (status === 401) {
    throw new SoundpostError(
      'unauthorized',
      'Baseten does not know this key, so it was not kept. Copy it again, or make a new one in your Baseten workspace.',
    );
  }
  if (status !== 200) throw managementRefusal(status, url.host);
  const account = accountIn(body);
  return account ? { account } : {};
}

/** Baseten calls this answer unstable, so one that reads otherwise is no reason to refuse a key that was accepted. */
function accountIn(body: string): string | null {
  try {
    const user = v.parse(userSchema, JSON.parse(body));
    return (user.workspace_name || user.email || user.name)?.slice(0, 200) ?? null;
  } catch {
    return null;
  }
}
