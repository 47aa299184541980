import { Decoder, encode } from '@msgpack/msgpack';
import { checkMessage } from './check-message.ts';
import { TrussError, type Answer, type Prediction } from './truss.ts';
import { decodeUtf8 } from './utf8.ts';

/** The demo's own models take small messages: these keep a few hostile bytes from filling the memory. Bytes have no limit. */
const decoder = new Decoder({
  maxStrLength: 16 * 1024 * 1024,
  maxArrayLength: 10_000,
  maxMapLength: 10_000,
});

/**
 * The value a request carries. Bytes in msgpack stay views of the body.
 * @throws TrussError as Truss answers a body it can't read, or with 400 when the demo's own limits are passed
 */
export function readMessage({ body, binary }: Prediction): unknown {
  if (!binary) return readJson(body);
  checkMessage(body);
  try {
    return decoder.decode(body);
  } catch {
    throw TrussError.fromModel(
      400,
      'The demo takes small messages with text keys. Send fewer fields, or try the Echo model.',
    );
  }
}

/** @throws TrussError 400 when `body` is not JSON, 500 when it is not even text: both as Truss does */
export function readJson(body: Buffer): unknown {
  const text = decodeUtf8(body);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TrussError(
      400,
      700,
      `Invalid JSON payload: ${error instanceof Error ? error.message : ''}`,
    );
  }
}

/** `value` in the format its request came in. */
export function writeMessage(value: unknown, { binary }: Prediction): Answer {
  return { message: binary ? encode(value) : Buffer.from(JSON.stringify(value)) };
}
