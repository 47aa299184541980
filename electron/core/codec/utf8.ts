const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Up to this length, one character after the other is faster than a call into native code. In bytes. */
const SHORT = 16;

/** The text that a part of a buffer holds. Null when it is not UTF-8. */
export function readUtf8(buffer: Buffer, start: number, end: number): string | null {
  if (end - start <= SHORT) {
    const text = shortAscii(buffer, start, end);
    if (text !== null) return text;
  }
  const text = buffer.toString('utf8', start, end);
  // This decoder is the faster one, but it puts U+FFFD in place of what is broken; only then is it asked strictly.
  if (!text.includes('\ufffd')) return text;
  try {
    return strict.decode(buffer.subarray(start, end));
  } catch {
    return null;
  }
}

function shortAscii(buffer: Buffer, start: number, end: number): string | null {
  let text = '';
  for (let at = start; at < end; at += 1) {
    const byte = buffer[at] ?? 0;
    if (byte >= 0x80) return null;
    text += String.fromCharCode(byte);
  }
  return text;
}
