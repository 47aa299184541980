import * as v from 'valibot';

const id = v.pipe(v.number(), v.integer());
/** No entry but our own can be named. */
const account = v.pipe(v.string(), v.regex(/^baseten-api-key(:[a-z0-9-]{1,64})?$/));

/** What the main process asks of the keychain's process, one at a time. The key travels in here and nowhere else. */
export const keychainRequestSchema = v.variant('op', [
  v.strictObject({ id, op: v.literal('get'), account, mayAsk: v.boolean() }),
  v.strictObject({ id, op: v.literal('set'), account, key: v.pipe(v.string(), v.minLength(1)) }),
  v.strictObject({ id, op: v.literal('remove'), account }),
]);
export type KeychainRequest = v.InferOutput<typeof keychainRequestSchema>;

/**
 * What it says back. `asking` comes before the answer when the system is about to ask the user to unlock the keychain.
 * An error's `code` is ours (`locked`, `load_failed`); without one, `message` is what keytar said.
 */
export const keychainReplySchema = v.union([
  v.strictObject({ id, asking: v.literal(true) }),
  v.strictObject({ id, value: v.nullable(v.string()) }),
  v.strictObject({
    id,
    error: v.strictObject({
      message: v.string(),
      code: v.optional(v.picklist(['locked', 'load_failed'])),
    }),
  }),
]);
export type KeychainReply = v.InferOutput<typeof keychainReplySchema>;
export type KeychainError = Extract<KeychainReply, { error: unknown }>['error'];
