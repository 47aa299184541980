// Made once: each takes longer than all else that a row of a list needs.
const weekday = new Intl.DateTimeFormat('en', { weekday: 'short' });
const month = new Intl.DateTimeFormat('en', { month: 'short' });

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * When something was, as short as it can be told: `14:05` today, `Mon 14:05` this week, `3 Feb 14:05`, `3 Feb 2024`; with its
 * seconds where minutes do not tell it from others.
 */
export function dayWords(then: Date, now: Date, unit: 'minutes' | 'seconds' = 'minutes'): string {
  const minutes = `${two(then.getHours())}:${two(then.getMinutes())}`;
  const time = unit === 'minutes' ? minutes : `${minutes}:${two(then.getSeconds())}`;
  const day = (date: Date): number =>
    Math.floor(
      new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime() / 86_400_000,
    );
  const days = day(now) - day(then);
  if (days === 0) return time;
  if (days > 0 && days < 7) {
    return `${weekday.format(then)} ${time}`;
  }
  const date = `${then.getDate()} ${month.format(then)}`;
  return then.getFullYear() === now.getFullYear()
    ? `${date} ${time}`
    : `${date} ${then.getFullYear()}`;
}
