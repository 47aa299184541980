import type { DescribedKind } from '../audio/kind.ts';
import { soundOf } from '../audio/kind.ts';
import { Base64File, base64Head } from '../codec/base64.ts';
import { withChainsArrays } from '../codec/chains-array.ts';
import { readJsonFile } from '../codec/json-file.ts';
import { JsonError } from '../codec/json-read.ts';
import { MsgpackError } from '../codec/msgpack-error.ts';
import { readMsgpack } from '../codec/msgpack-read.ts';
import type { Value } from '../codec/value.ts';
import type { SliceableBytes } from '../files/byte-source.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import { areJsonLines } from './event-start.ts';
import { bareType, type Received } from './received.ts';

/** A decoded message, or none: then `warnings` say why, unless it is nothing strange. */
export type Message = {
  value?: Value;
  /** It is JSON, and more of it follows on further lines. */
  isLines?: boolean;
  warnings: string[];
};

const HEAD_BYTES = 4096;
const none: Message = { warnings: [] };

/**
 * Reads an answer as one msgpack or JSON message, when it is one. `application/octet-stream` is msgpack, the model's own
 * bytes, a generator's stream or anything a model made itself (Truss, truss_server.py), so the bytes decide, and a
 * stream of that type is no message even if its bytes are one by chance. JSON is told by its bytes, under any type.
 */
export async function readMessage(received: Received, kind: DescribedKind): Promise<Message> {
  const { intent, isStream } = received;
  if (intent.answer === 'stream') {
    const isLines = kind.media === 'json' && (await areJsonLines(received.file));
    return { isLines, warnings: [] };
  }
  const type = bareType(received.contentType);
  const isMsgpackType = /^application\/(x-|vnd\.)?(msgpack|messagepack)$/.test(type);
  const isMessage = intent.answer === 'message';
  const isJsonType = type.endsWith('json');
  if (
    kind.media === 'json' ||
    kind.media === 'text' ||
    (isJsonType && (await beginsLikeJson(received)))
  ) {
    if (isMsgpackType || (type === 'application/octet-stream' && !isStream)) {
      const message = await readAsMsgpack(received, false);
      if (message.value !== undefined) return message;
    }
    return readAsJson(received, kind, isJsonType || isMessage);
  }
  const isExpected = isMsgpackType || isMessage;
  // Sound inside a message lies near its beginning too, so what looks like sound may be one.
  if (isExpected || !isStream) return readAsMsgpack(received, isExpected && kind.media === 'bytes');
  return kind.media === 'bytes' ? offerMsgpack(received) : none;
}

/** Bytes that are no UTF-8 further on don't make it something else. */
async function beginsLikeJson({ file }: Received): Promise<boolean> {
  return /^\s*["[{]/.test(new TextDecoder('latin1').decode(await file.read(0, 64)));
}

async function readAsMsgpack({ file }: Received, isExpected: boolean): Promise<Message> {
  try {
    return { value: await readMsgpack(file), warnings: [] };
  } catch (error) {
    if (!(error instanceof MsgpackError)) throw error;
    if (error.came) {
      const warning = 'The msgpack message ends too early: what came before that is shown.';
      return { value: error.came, warnings: [warning] };
    }
    // Truss sends a model's top-level bytes as they are, so octet-stream that is no msgpack is nothing strange.
    return isExpected || error.isTooMuch ? notTakenApart('msgpack', error) : none;
  }
}

/** A proxy may have cut a message up anew; only the user can know. */
async function offerMsgpack({ file }: Received): Promise<Message> {
  const [first = 0] = await file.read(0, 1);
  const isMap = (first > 0x80 && first < 0x90) || first === 0xde || first === 0xdf;
  if (!isMap) return none;
  try {
    await readMsgpack(file);
    return {
      warnings: [
        'This stream is exactly one msgpack message. If the model sends one, set the answer to Message and run again.',
      ],
    };
  } catch (error) {
    if (error instanceof MsgpackError) return none;
    throw error;
  }
}

async function readAsJson(
  { file, folder }: Received,
  kind: DescribedKind,
  isExpected: boolean,
): Promise<Message> {
  const head = new TextDecoder().decode(await file.read(0, 64));
  // Words are JSON only when they are quoted, or when they are declared so: `null`, `12.5`.
  if (kind.media === 'text' && !isExpected && !/^\s*"/.test(head)) return none;
  try {
    const { value, isCut, isMended } = await readJsonFile(file, (base64) =>
      moveSound(base64, folder),
    );
    if (isCut && kind.media === 'text' && !isExpected) return none;
    const warnings = [];
    if (isCut) warnings.push('The JSON ends too early: what came before that is shown.');
    if (isMended) warnings.push('The JSON holds bytes that are no UTF-8; they are shown as �.');
    return { value: withChainsArrays(value), warnings };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (error.isLines && kind.media === 'json') return { isLines: true, warnings: [] };
    return isExpected || kind.media === 'json' ? notTakenApart('JSON', error) : none;
  }
}

/** Decodes base64 of a sound to a file of the run's own. Null when it is anything else. */
export async function moveSound(
  base64: SliceableBytes,
  folder: RunFolder,
): Promise<SliceableBytes | null> {
  const head = base64Head(Buffer.from(await base64.read(0, HEAD_BYTES)).toString('latin1'));
  if (!head || !soundOf(head)) return null;
  const text = new Base64File(base64);
  const sound = await folder.writeTransformed(text.pieces());
  return text.isBase64 ? sound : null;
}

function notTakenApart(name: string, { message, position }: MsgpackError | JsonError): Message {
  return {
    warnings: [
      `The answer could not be taken apart as ${name}: ${message}, at ${position}. It is kept as it came.`,
    ],
  };
}
