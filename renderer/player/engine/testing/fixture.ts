/** The bytes of a file that was imported with `?url&inline`. */
export function bytesOf(dataUrl: string): Uint8Array<ArrayBuffer> {
  const letters = atob(dataUrl.slice(dataUrl.indexOf(',') + 1));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

/** The pieces of `bytes`, each `length` long, as a network might cut them. */
export function* piecesOf(bytes: Uint8Array, length: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** `seconds` of the recorded speech at 24 kHz in 16-bit little-endian. */
export function speechOf(dataUrl: string, seconds: number): Uint8Array<ArrayBuffer> {
  return bytesOf(dataUrl).slice(0, seconds * 48_000);
}
