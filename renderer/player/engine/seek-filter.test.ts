import { expect, it } from 'vitest';
import { SeekFilter } from './seek-filter.ts';
import { SeekIndex } from './seek-index.ts';

type Heard = { arrived: number[]; frames: number[] };

function filterTo(target: number): { filter: SeekFilter; heard: Heard } {
  const heard: Heard = { arrived: [], frames: [] };
  const filter = new SeekFilter(
    target,
    ({ planes }) => heard.frames.push(...(planes[0] ?? [])),
    (seconds) => heard.arrived.push(seconds),
  );
  return { filter, heard };
}

/** Frames that are their own numbers, at 1000 Hz. */
const numbered = (from: number, count: number) => ({
  planes: [Float32Array.from({ length: count }, (_, index) => from + index)],
  sampleRate: 1000,
});

it('sound before a target is left out, to the frame', () => {
  const { filter, heard } = filterTo(1.25);
  for (let at = 0; at < 2000; at += 100) filter.take(numbered(at, 100), at);
  expect(heard.arrived).toEqual([1.25]);
  expect(heard.frames[0]).toBe(1250);
  expect(heard.frames).toHaveLength(750);
});

it('where a target is not reached, the last quarter second is begun with', () => {
  const { filter, heard } = filterTo(Infinity);
  for (let at = 0; at < 2000; at += 100) filter.take(numbered(at, 100), at);
  expect(heard.frames).toEqual([]);
  filter.release();
  expect(heard.arrived).toEqual([1.7]);
  expect(heard.frames).toEqual([...(numbered(1700, 300).planes[0] ?? [])]);
  filter.take(numbered(2000, 1), 2000);
  expect(heard.frames.at(-1)).toBe(2000);
});

it('an index keeps one place a second and finds the one before', () => {
  const index = new SeekIndex();
  for (let byte = 0; byte < 1000; byte += 1) index.add({ byte, seconds: byte / 10 });
  expect(index.before(5.95)).toEqual({ byte: 50, seconds: 5 });
  expect(index.before(-0.5)).toEqual({ byte: 0, seconds: 0 });
  index.add({ byte: 3, seconds: 0.3 });
  expect(index.before(1000)).toEqual({ byte: 990, seconds: 99 });
});
