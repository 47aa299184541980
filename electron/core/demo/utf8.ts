import { isUtf8 } from 'node:buffer';
import { TrussError } from './truss.ts';

/** The text in `bytes`. @throws TrussError with Python's own words when they are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  assertUtf8(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** @throws TrussError with Python's own words, which name the first wrong byte. */
export function assertUtf8(bytes: Uint8Array): void {
  if (isUtf8(bytes)) return;
  let position = 0;
  for (;;) {
    const { length, fault } = characterAt(bytes, position);
    if (fault)
      throw TrussError.unhandled(`UnicodeDecodeError: ${words(bytes, position, length, fault)}`);
    position += length;
  }
}

type Fault = 'invalid start byte' | 'invalid continuation byte' | 'unexpected end of data';

/** The bytes of one character, or how many of them make sense before the fault. */
function characterAt(bytes: Uint8Array, position: number): { length: number; fault?: Fault } {
  const lead = bytes[position] ?? 0;
  if (lead < 0x80) return { length: 1 };
  if (lead < 0xc2 || lead > 0xf4) return { length: 1, fault: 'invalid start byte' };
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

  for (let i = 1; i < length; i++) {
    const byte = bytes[position + i];
    if (byte === undefined) return { length: i, fault: 'unexpected end of data' };
    const [low, high] = i === 1 ? secondByteRange(lead) : [0x80, 0xbf];
    if (byte < low || byte > high) return { length: i, fault: 'invalid continuation byte' };
  }
  return { length };
}

/** Narrower after some lead bytes: no overlong forms, no surrogates, nothing above U+10FFFF. */
function secondByteRange(lead: number): [low: number, high: number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  if (lead === 0xf4) return [0x80, 0x8f];
  return [0x80, 0xbf];
}

function words(bytes: Uint8Array, position: number, length: number, fault: Fault): string {
  const byte = (bytes[position] ?? 0).toString(16).padStart(2, '0');
  const which =
    length === 1
      ? `byte 0x${byte} in position ${position}`
      : `bytes in position ${position}-${position + length - 1}`;
  return `'utf-8' codec can't decode ${which}: ${fault}`;
}
