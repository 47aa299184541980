import { Malformed } from './malformed.ts';
import { ourKey } from './truss-keys.ts';
import { Dictionary, TrussValue, type Extension, type Value } from './value.ts';

type TextKind = 'datetime' | 'date' | 'time' | 'decimal' | 'uuid';

/** A type of Python's that travels as its text; a datetime may also have come as msgpack's own timestamp. */
export class TrussText extends TrussValue {
  readonly kind: TextKind;
  /** ISO 8601, with an offset when it has one; or the exact decimal; or the UUID. As it came. */
  readonly text: string;

  constructor(kind: TextKind, text: string, wire: Dictionary | Extension) {
    super(wire);
    this.kind = kind;
    this.text = text;
  }

  /** A moment to be sent: with `+00:00`, for Python before 3.11 can't read `Z`. */
  static datetime(date: Date): TrussText {
    const text = date.toISOString().replace(/\.000Z$|Z$/, (end) => {
      return end === 'Z' ? '000+00:00' : '+00:00';
    });
    return new TrussText(
      'datetime',
      text,
      new Dictionary([
        [ourKey('__dt_datetime_iso__'), true],
        [ourKey('data'), text],
      ]),
    );
  }

  /** @throws Malformed when Python would not read it either */
  static read(kind: TextKind, data: Value, wire: Dictionary): TrussText {
    if (typeof data !== 'string') throw new Malformed('its data is not a text');
    if (!isValid[kind](data)) throw new Malformed(`“${data.slice(0, 60).toWellFormed()}” is none`);
    return new TrussText(kind, data, wire);
  }
}

const clock = String.raw`([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?)?`;
const offset = String.raw`Z|[+-]([01]\d|2[0-3]):?[0-5]\d(:?[0-5]\d(\.\d{1,6})?)?`;
const time = new RegExp(`^${clock}$`);
const datetime = new RegExp(String.raw`^(\d{4}-\d\d-\d\d)([T ]${clock}(${offset})?)?$`);
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$|^[+-]?(inf(inity)?|s?nan\d*)$/i;
const uuid = /^[0-9a-f]{8}(-?)([0-9a-f]{4}\1){3}[0-9a-f]{12}$/i;

const isValid: Readonly<Record<TextKind, (text: string) => boolean>> = {
  datetime: (text) => isDate(datetime.exec(text)?.[1] ?? ''),
  date: isDate,
  time: (text) => time.test(text),
  decimal: (text) => decimal.test(text),
  uuid: (text) => uuid.test(text),
};

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  if (!year || !month || !day) return false;
  // Day 0 of the next month is the last of this one.
  return month <= 12 && day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}
