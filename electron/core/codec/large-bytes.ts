/** Where a bytes value of a message lies, in bytes from the message's start. */
export type BytesRange = { offset: number; length: number };

/**
 * Finds the first bytes value of at least `atLeast` bytes whose header lies in the first bytes of a msgpack message.
 * `more` asks for more of them; null says that there is none to be found, or that this is no message with parts. What
 * it finds is a hint of where to put bytes: only the whole message tells whether it is one.
 */
export function firstLargeBytes(head: Uint8Array, atLeast: number): BytesRange | 'more' | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length > 0 && !isContainer(view.getUint8(0))) return null;
  for (let at = 0; at < head.length;) {
    const byte = view.getUint8(at);
    const width = lengthBytes(byte);
    if (byte === 0xc1) return null;
    if (at + 1 + width > head.length) return 'more';
    const length = width === 0 ? 0 : lengthAt(view, at + 1, width);
    const body = at + 1 + width;
    if (byte >= 0xc4 && byte <= 0xc6 && length >= atLeast) return { offset: body, length };
    at = body + bodyBytes(byte, length);
  }
  return 'more';
}

const isContainer = (byte: number): boolean =>
  (byte >= 0x80 && byte <= 0x9f) || (byte >= 0xdc && byte <= 0xdf);

/** How many bytes after the first one tell a length: of bytes, extensions and texts (msgpack's specification, "Formats"). */
function lengthBytes(byte: number): number {
  if (byte >= 0xc4 && byte <= 0xc6) return 2 ** (byte - 0xc4);
  if (byte >= 0xc7 && byte <= 0xc9) return 2 ** (byte - 0xc7);
  if (byte >= 0xd9 && byte <= 0xdb) return 2 ** (byte - 0xd9);
  if (byte === 0xdc || byte === 0xde) return 2;
  return byte === 0xdd || byte === 0xdf ? 4 : 0;
}

function lengthAt(view: DataView, at: number, width: number): number {
  return width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at) : view.getUint32(at);
}

/** How many bytes follow that belong to this value alone; the values inside a list or map follow by themselves. */
function bodyBytes(byte: number, length: number): number {
  if (byte >= 0xa0 && byte <= 0xbf) return byte & 0x1f;
  if (byte >= 0xc4 && byte <= 0xc6) return length;
  if (byte >= 0xc7 && byte <= 0xc9) return length + 1;
  if (byte === 0xca || byte === 0xce || byte === 0xd2) return 4;
  if (byte === 0xcb || byte === 0xcf || byte === 0xd3) return 8;
  if (byte === 0xcc || byte === 0xd0) return 1;
  if (byte === 0xcd || byte === 0xd1) return 2;
  if (byte >= 0xd4 && byte <= 0xd8) return 1 + 2 ** (byte - 0xd4);
  return byte >= 0xd9 && byte <= 0xdb ? length : 0;
}
