import { describe, expect, it } from 'vitest';
import { found, offered, type Entry } from './entries.ts';

const entry = (title: string, group: Entry['group'] = 'Presets', hint?: string): Entry => ({
  ...{ id: title, title, group, do: () => undefined },
  ...(hint === undefined ? {} : { hint }),
});
const titles = (listed: ReturnType<typeof found>): string[] =>
  listed.flatMap(({ entries }) => entries.map(({ title }) => title));

const means = {
  recent: [],
  score: (words: string, wanted: string) => 1 / (1 + words.toLowerCase().search(wanted[0] ?? '')),
};

const all = [
  entry('Whisper large', 'Presets', 'abc123'),
  entry('Kokoro', 'Presets', 'xyz789'),
  entry('Run, or cancel the run', 'Actions'),
  entry('New preset…', 'Actions'),
  entry('Copy as Python', 'Actions'),
];

describe('the palette', () => {
  it('finds by the letters of a title in order, by words of the hint, and nothing else', () => {
    expect(titles(found(all, 'wlarge', means))).toEqual(['Whisper large']);
    expect(titles(found(all, 'xyz', means))).toEqual(['Kokoro']);
    expect(titles(found(all, 'cp', means))[0]).toBe('Copy as Python');
    expect(titles(found(all, 'xz9', means))).toEqual([]);
    expect(titles(found(all, 'zebra', means))).toEqual([]);
  });

  it('puts the nearest first, whatever its group', () => {
    expect(titles(found(all, 'new', means))[0]).toBe('New preset…');
    expect(titles(found(all, 'ko', means))[0]).toBe('Kokoro');
  });

  it('offers what was chosen last first, once', () => {
    const listed = offered(all, ['Copy as Python', 'gone']);
    expect(listed.map(({ group }) => group)).toEqual(['Recent', 'Presets', 'Actions']);
    expect(titles(listed)).toHaveLength(5);
    expect(titles(listed)[0]).toBe('Copy as Python');
  });

  it('shows a few of thousands', () => {
    const many = Array.from({ length: 5000 }, (_, n) => entry(`Preset ${n}`));
    expect(titles(found(many, 'preset', means))).toHaveLength(20);
    expect(titles(found(many, '4999', means))).toEqual(['Preset 4999']);
  });
});
