const BYTE_UNITS = ['KB', 'MB', 'GB', 'TB'];

/** A size in bytes as people read it, in powers of ten: `812 B`, `176 KB`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let value = bytes / 1000;
  let unit = 0;
  // From 999.5 on, rounding would show `1000 KB`.
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const text = unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0);
  return `${text} ${BYTE_UNITS[unit] ?? ''}`;
}

/** A position or length of sound, in seconds, to tenths: `0:07.4`, `61:00.0`, `2:03:04.5` from two hours on. */
export function formatTime(seconds: number): string {
  // Whole tenths first, so that 59.97 becomes 1:00.0 and never 0:60.0.
  const tenths = Math.max(0, Math.round((Number.isFinite(seconds) ? seconds : 0) * 10));
  const rest = `${pad(Math.floor((tenths % 600) / 10))}.${tenths % 10}`;
  const minutes = Math.floor(tenths / 600);
  if (minutes < 120) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${rest}`;
}

/** How long something took, in milliseconds: `0.31 s`, `12.4 s`, `3 min 08 s`. */
export function formatTook(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
}

/** A count with thin grouping: `12 345`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** A sample rate in Hz: `24 kHz`, `44.1 kHz`, `22.05 kHz`. */
export function formatRate(hertz: number): string {
  return `${Number((hertz / 1000).toFixed(3))} kHz`;
}

/** A position for a screen reader: `1 minute 7 seconds`. */
export function spokenTime(seconds: number): string {
  const whole = Math.max(0, Math.round(Number.isFinite(seconds) ? seconds : 0));
  const minutes = Math.floor(whole / 60);
  const parts = [minutes > 0 ? plural(minutes, 'minute') : '', plural(whole % 60, 'second')];
  return parts.filter((part) => part !== '').join(' ');
}

/** `1 item`, `12 items`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

const pad = (value: number): string => String(value).padStart(2, '0');
