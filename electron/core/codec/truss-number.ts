import { Malformed } from './malformed.ts';
import { TrussValue, type Dictionary, type Value } from './value.ts';

const MOST_DAYS = 999_999_999;

/** A span of time, as Python keeps it: only the days are ever negative. */
export class Timedelta extends TrussValue {
  readonly days: number;
  /** 0 to 86,399 */
  readonly seconds: number;
  /** 0 to 999,999 */
  readonly microseconds: number;

  /** @throws Malformed */
  constructor(data: Value, wire: Dictionary) {
    super(wire);
    const [days, seconds, microseconds] = Array.isArray(data) ? data : [];
    if (!isInteger(days) || !isInteger(seconds) || !isInteger(microseconds)) {
      throw new Malformed('its data is not three integers');
    }
    const [moreSeconds, restMicroseconds] = carried(microseconds, 1_000_000);
    const [moreDays, restSeconds] = carried(seconds + moreSeconds, 86_400);
    this.days = days + moreDays;
    this.seconds = restSeconds;
    this.microseconds = restMicroseconds;
    if (Math.abs(this.days) > MOST_DAYS) throw new Malformed('it is too many days');
  }
}

const isInteger = (value: Value | undefined): value is number => typeof value === 'number';

function carried(value: number, unit: number): [carry: number, rest: number] {
  const carry = Math.floor(value / unit);
  return [carry, value - carry * unit];
}

const float = String.raw`(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)`;
const complex = new RegExp(`^(?:([+-]?${float})(?=[+-]|$))?(?:([+-]?${float}?)j)?$`, 'i');

/** A complex number of Python's own, which travels as its text. */
export class Complex extends TrussValue {
  readonly re: number;
  readonly im: number;

  /** @throws Malformed */
  constructor(data: Value, wire: Dictionary) {
    super(wire);
    if (typeof data !== 'string') throw new Malformed('its data is not a text');
    const [whole, re = '0', im = '0'] = complex.exec(data.replace(/^\((.*)\)$/s, '$1')) ?? [];
    if (!whole) throw new Malformed(`“${data.slice(0, 60).toWellFormed()}” is none`);
    this.re = numberOf(re);
    // Python takes “j” for 1j.
    this.im = numberOf(/\w/.test(im) ? im : `${im}1`);
  }
}

function numberOf(text: string): number {
  if (/nan/i.test(text)) return NaN;
  return Number(text.replace(/inf(inity)?/i, 'Infinity'));
}
