import { HEAD_BYTES, soundOf, utf8Text } from './kind.ts';
import { mpegBegins } from './mpeg-frame.ts';

/** So much of nothing but text is no sound by chance. */
const TEXT_BYTES = 32;
/** Silence in A-law or 8-bit samples is letters too, but ever the same few. */
const FEWEST_LETTERS = 8;
/** What every format but MPEG's frames can be told by. */
const MAGIC_BYTES = 12;
const magics = ['RIFF', 'RF64', 'BW64', 'RIFX', 'OggS', 'fLaC', 'FORM', 'caff', '#!AMR', 'ID3'];
const boxes = ['ftyp', 'styp', 'moof'];

/**
 * Whether bytes that come one after the other begin a sound format that says itself what it is. `more` while the next ones
 * could decide; what was decided once is never decided otherwise, and is what `kindOf` says of all of them (but for
 * frames behind junk). `isAll`: no more will come.
 */
export function beginsSound(bytes: Uint8Array, isAll: boolean): boolean | 'more' {
  const head = bytes.subarray(0, HEAD_BYTES);
  const isWhole = isAll || head.length === HEAD_BYTES;
  if (!isWhole && couldBegin(head)) return 'more';
  if (head[0] === 0xff) return isWhole ? soundOf(head) !== null : mpegBegins(head);
  return soundOf(head) !== null;
}

function couldBegin(head: Uint8Array): boolean {
  if (head.length >= MAGIC_BYTES) return false;
  const letters = new TextDecoder('latin1').decode(head);
  // A box's size stands before its name, and a picture's brand behind it.
  if (letters.length <= 4 || boxes.some((box) => begins(box, letters.slice(4, 8)))) return true;
  return magics.some((magic) => letters.startsWith(magic)) || letters.startsWith('\x1aE\xdf\xa3');
}

const begins = (whole: string, part: string): boolean => whole.startsWith(part);

/**
 * Whether bytes begin with words, and so plainly that what follows is no headerless sound, whatever was agreed: an error
 * told in words would be a burst of noise.
 */
export function isPlainlyText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, TEXT_BYTES);
  if (head.length < TEXT_BYTES || new Set(head).size < FEWEST_LETTERS) return false;
  return utf8Text(head, true) !== null;
}
