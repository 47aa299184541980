/** Names of fields are short words. Longer ones are rather sound that looks like a name by chance. */
const LONGEST_KEY = 64;

/**
 * Whether bytes begin like a msgpack map whose first key is a name, or like a list of such maps, texts or bytes: what a
 * model answers, and what neither sound nor words begin with by chance. Needs no more than some hundred bytes.
 */
export function beginsLikeMessage(head: Uint8Array): boolean {
  const [first = 0] = head;
  if ((first > 0x80 && first <= 0x8f) || first === 0xde || first === 0xdf) return isMap(head);
  const isShortList = first > 0x90 && first <= 0x9f;
  if (!isShortList && first !== 0xdc && first !== 0xdd) return false;
  const inside = head.subarray(isShortList ? 1 : first === 0xdc ? 3 : 5);
  const [next = 0] = inside;
  return isMap(inside) || (next >= 0xc4 && next <= 0xc6) || nameLength(inside) > 1;
}

function isMap(head: Uint8Array): boolean {
  const [first = 0] = head;
  if (first > 0x80 && first <= 0x8f) return nameLength(head.subarray(1)) > 0;
  if (first === 0xde) return nameLength(head.subarray(3)) > 0;
  return first === 0xdf && nameLength(head.subarray(5)) > 0;
}

/** The length of the name that a msgpack text or bytes value is; 0 when it is none. */
function nameLength(head: Uint8Array): number {
  const [type = 0, size = 0] = head;
  const isShort = type >= 0xa0 && type <= 0xbf;
  if (!isShort && type !== 0xd9 && type !== 0xc4) return 0;
  const length = isShort ? type & 0x1f : size;
  const at = isShort ? 1 : 2;
  const name = new TextDecoder('latin1').decode(head.subarray(at, at + length));
  const isName = name.length === length && length <= LONGEST_KEY && /^[\w .:/-]+$/.test(name);
  return isName ? length : 0;
}
