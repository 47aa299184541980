import type { Pcm } from '../../contract/intent.ts';
import { beginsSound, isPlainlyText } from '../audio/first-bytes.ts';
import { HEAD_BYTES, pictureOf, soundBehindJunk, soundOf, utf8Text } from '../audio/kind.ts';
import { base64Head } from '../codec/base64.ts';
import { beginsLikeMessage } from '../codec/message-head.ts';
import { beginsLikeFrame } from '../invocation/chains-frames.ts';
import { eventsOf } from '../invocation/event-start.ts';
import { JsonLines, type EventParser } from '../invocation/event-stream.ts';
import {
  couldBeSound,
  expectsHeaderless,
  headerlessOf,
  type Said,
} from '../invocation/headerless.ts';
import { bareType } from '../invocation/received.ts';

/** What a stream is. `isCertain` is false for lines that may turn out to be one JSON message. */
export type Judgement =
  | { is: 'sound'; pcm?: Pcm; isGuess?: true }
  | { is: 'words' }
  | { is: 'events'; parser: EventParser; isCertain: boolean }
  | { is: 'neither' };

/** Longer words don't fill a text without a space; base64 does. */
const BASE64_SHOWS = 80;

const neither: Judgement = { is: 'neither' };

/**
 * What a stream is that begins with `head`, as soon as its bytes tell. `more` while the next ones could decide otherwise;
 * `isAll` when no more come or `LOOKED_AT` bytes are there. It is what `decodeAnswer` finds at the end, of the same bytes by
 * the same rules, so that nothing is heard that turns out to be no sound.
 */
export function judge(head: Uint8Array, isAll: boolean, said: Said): Judgement | 'more' {
  if (head.length === 0) return isAll ? neither : 'more';
  const isMsgpack = /^application\/(x-|vnd\.)?(msgpack|messagepack)$/.test(
    bareType(said.contentType),
  );
  if (isMsgpack && said.intent.answer !== 'stream') return neither;
  const isSound = beginsSound(head, isAll);
  if (isSound !== false) return isSound === true ? { is: 'sound' } : 'more';
  const isWhole = isAll || head.length >= HEAD_BYTES;
  const text = utf8Text(head.subarray(0, HEAD_BYTES), !isAll || head.length > HEAD_BYTES);
  if (text !== null) {
    return isWhole || isSettled(head, said) ? judgeText(text, isWhole, said) : 'more';
  }
  return isPlainlyText(head) ? { is: 'words' } : judgeBytes(head, isAll, said);
}

/** Headerless samples may begin like letters. Where nobody expects any, a declared text is one from its first letter. */
function isSettled(head: Uint8Array, { contentType, intent }: Said): boolean {
  return isPlainlyText(head) || (!intent.pcm && bareType(contentType).startsWith('text/'));
}

function judgeText(
  text: string,
  isWhole: boolean,
  { contentType, intent }: Said,
): Judgement | 'more' {
  const parser = eventsOf(text, isWhole, contentType);
  if (parser === 'more') return 'more';
  if (parser) return { is: 'events', parser, isCertain: true };
  if (text.trim() === '') return isWhole ? { is: 'words' } : 'more';
  // A transcript may begin with "[laughs]".
  if (/^\s*(\{\s*("|\}|$)|\[\s*([[{"\]\-\dtfnNI]|$))/.test(text)) {
    return { is: 'events', parser: new JsonLines(), isCertain: false };
  }
  if (intent.answer !== 'stream') {
    if (bareType(contentType).endsWith('json')) return neither;
    if (/^\s*"/.test(text) && !isQuotedInside(text)) return isWhole ? neither : 'more';
  }
  return isBase64OfSound(text, isWhole);
}

/** Whether a text that begins with a quotation mark goes on in a way that no JSON text does. */
const isQuotedInside = (text: string): boolean =>
  /^\s*"(?:[^"\\\r\n]|\\.)*("\s*\S|[\r\n])/.test(text);

/** Base64 of a sound is taken apart at the end; until then it is nothing to be read. */
function isBase64OfSound(text: string, isWhole: boolean): Judgement | 'more' {
  if (/[^\w+/=\r\n-]/.test(text.replace(/^data:[^,]{0,200}(,|$)/, ''))) return { is: 'words' };
  if (text.length < BASE64_SHOWS && !isWhole) return 'more';
  const head = base64Head(text);
  return head && soundOf(head) ? neither : { is: 'words' };
}

function judgeBytes(head: Uint8Array, isAll: boolean, said: Said): Judgement | 'more' {
  if (pictureOf(head)) return neither;
  const isFrame = beginsLikeFrame(head);
  if (isFrame === 'more' && !isAll) return 'more';
  // Whether it goes on so is known at the end.
  if (isFrame === true) return neither;
  if (!expectsHeaderless(said)) {
    if (head.length < HEAD_BYTES && !isAll) return 'more';
    if (soundBehindJunk(head)) return { is: 'sound' };
  }
  const found = headerlessOf(head, isAll, said);
  if (found === 'more') return 'more';
  if (found) return { is: 'sound', pcm: found.pcm, ...(found.isGuess ? { isGuess: true } : {}) };
  // Who hears it may know how it is to be read.
  const isMessage = beginsLikeMessage(head) && said.intent.answer !== 'stream';
  return couldBeSound(said.contentType) && !isMessage ? { is: 'sound' } : neither;
}
