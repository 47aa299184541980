import { checkMessage, topLevelBytes } from './check-message.ts';
import { readJson } from './message.ts';
import type { Answer, Prediction } from './truss.ts';

/**
 * Returns what it is sent, byte for byte, after checking that Truss could have read it. Like Truss, it answers a message
 * that is nothing but bytes with those bytes alone.
 * @throws TrussError as Truss answers a body it can't read
 */
export function echo({ body, binary }: Prediction): Answer {
  if (!binary) {
    readJson(body);
    return { message: body };
  }
  checkMessage(body);
  return { message: topLevelBytes(body) ?? body };
}
