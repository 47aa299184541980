import { TrussText } from './truss-text.ts';
import type { Extension } from './value.ts';

/** The type number that the msgpack specification keeps for timestamps. */
export const TIMESTAMP = -1;

/** 0001-01-01 and 9999-12-31: beyond these, ISO 8601 and Python have no plain word for a moment. In seconds from 1970. */
const EARLIEST = -62_135_596_800;
const LATEST = 253_402_300_799;

/**
 * The moment that msgpack's own timestamp means, in its forms of 32, 64 and 96 bits. Null when it is none of them or has
 * no calendar date.
 */
export function readTimestamp(extension: Extension, bytes: Uint8Array): TrussText | null {
  const moment = momentOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  if (!moment || moment.nanoseconds > 999_999_999) return null;
  if (moment.seconds < EARLIEST || moment.seconds > LATEST) return null;
  const whole = new Date(moment.seconds * 1000).toISOString().replace('.000Z', '');
  const digits = String(moment.nanoseconds).padStart(9, '0');
  const fraction = moment.nanoseconds === 0 ? '' : `.${digits.replace(/000$/, '')}`;
  return new TrussText('datetime', `${whole}${fraction}+00:00`, extension);
}

function momentOf(view: DataView): { seconds: number; nanoseconds: number } | null {
  switch (view.byteLength) {
    case 4:
      return { seconds: view.getUint32(0), nanoseconds: 0 };
    case 8: {
      const both = view.getBigUint64(0);
      return { seconds: Number(both & 0x3_ffff_ffffn), nanoseconds: Number(both >> 34n) };
    }
    case 12:
      return { seconds: Number(view.getBigInt64(4)), nanoseconds: view.getUint32(0) };
    default:
      return null;
  }
}
