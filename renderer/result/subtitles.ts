import type { Segment } from './transcript.ts';

/** How long the last line is shown when nobody said when it ends, in seconds. */
const LAST_SECONDS = 3;

/** A transcript as plain text, a line each. */
export function toText(segments: readonly Segment[]): string {
  return segments.flatMap(({ text }) => (text === '' ? [] : `${text}\n`)).join('');
}

/** A transcript as SubRip subtitles. */
export function toSrt(segments: readonly Segment[]): string {
  return cuesOf(segments)
    .map(({ from, to, text }, index) => {
      // An arrow in what is said would be read as times.
      const said = text.replaceAll('-->', '→');
      return `${index + 1}\n${clock(from, ',')} --> ${clock(to, ',')}\n${said}\n`;
    })
    .join('\n');
}

/** A transcript as WebVTT subtitles. */
export function toVtt(segments: readonly Segment[]): string {
  const cues = cuesOf(segments).map(({ from, to, text }) => {
    const said = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    return `${clock(from, '.')} --> ${clock(to, '.')}\n${said}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

/** What is shown from one time to another, in milliseconds. */
type Cue = { from: number; to: number; text: string };

function cuesOf(segments: readonly Segment[]): Cue[] {
  const told = segments.filter(({ text }) => text !== '');
  return told.map(({ start, end, text }, index) => {
    const from = milliseconds(start);
    const next = milliseconds(told[index + 1]?.start ?? 0);
    const unsaid = next > from ? next : from + LAST_SECONDS * 1000;
    const to = end === null || milliseconds(end) <= from ? unsaid : milliseconds(end);
    // An empty line would end it.
    return { from, to, text: text.replaceAll(/\s*\n\s*/g, '\n') };
  });
}

const milliseconds = (seconds: number): number =>
  Number.isFinite(seconds) ? Math.max(0, Math.round(seconds * 1000)) : 0;

function clock(at: number, mark: ',' | '.'): string {
  const pad = (value: number, digits = 2): string =>
    String(Math.floor(value)).padStart(digits, '0');
  const time = [at / 3_600_000, (at / 60_000) % 60, (at / 1000) % 60].map((part) => pad(part));
  return `${time.join(':')}${mark}${pad(at % 1000, 3)}`;
}
