import type { OutputValue } from '../../contract/run.ts';

/** A float in JSON, which has no word for three of them. */
export function floatForm(value: number): OutputValue {
  if (Number.isFinite(value)) return value;
  return {
    $type: 'float',
    value: Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity',
  };
}

/** An integer in JSON; as text beyond 2^53, where most readers of JSON would round it. */
export function integerForm(value: number | bigint): OutputValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : { $type: 'bigint', value: value.toString() };
}

export function complexForm(re: number, im: number): OutputValue {
  return { $type: 'complex', re: floatForm(re), im: floatForm(im) };
}

/** Bytes inside something whose dtype tells that they are meant as text: that, or how many when they are none. */
export function textOrBytes(bytes: Uint8Array): OutputValue {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { $type: 'bytes', length: bytes.length };
  }
}
