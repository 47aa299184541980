import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placementOf, type Rectangle } from './placement.ts';

const usual = { width: 1320, height: 840 };
const rectangle = (x: number, y: number, width: number, height: number): Rectangle => ({
  ...{ x, y, width, height },
});

/** A laptop with a task bar below, 1920 points wide. */
const laptop = rectangle(0, 0, 1920, 1040);
/** A screen to its left, with a menu bar above. */
const left = rectangle(-2560, 25, 2560, 1415);

test('a first window has its usual size, where the system wants it', () => {
  expect(placementOf(null, { workAreas: [laptop, left], usual })).toEqual(usual);
});

test('a first window is no larger than the primary screen', () => {
  const small = rectangle(0, 0, 1280, 752);
  expect(placementOf(null, { workAreas: [small, left], usual })).toEqual({
    width: 1280,
    height: 752,
  });
});

test('a window that can be seen is left where it was, on whichever screen', () => {
  for (const kept of [
    rectangle(100, 80, 1320, 840),
    rectangle(0, 0, 1920, 1040),
    rectangle(-2560, 25, 2560, 1415),
    rectangle(-1900, 300, 900, 700),
    // Across two screens, where both show it.
    rectangle(-700, 100, 1400, 800),
  ]) {
    expect(placementOf(kept, { workAreas: [laptop, left], usual })).toEqual(kept);
  }
});

test('the invisible borders of a window that fills half a screen move it by nothing', () => {
  const half = rectangle(-7, 0, 974, 1047);
  expect(placementOf(half, { workAreas: [laptop], usual })).toEqual(half);
});

test('a window on a screen that was unplugged comes into the middle of the primary one', () => {
  const kept = rectangle(-2000, 200, 1000, 800);
  expect(placementOf(kept, { workAreas: [laptop], usual })).toEqual(rectangle(460, 120, 1000, 800));
});

test('a window larger than the screen that is left is made smaller', () => {
  const kept = rectangle(-2560, 25, 2560, 1415);
  expect(placementOf(kept, { workAreas: [laptop], usual })).toEqual(rectangle(0, 0, 1920, 1040));
});

test('a window half off the edge comes back whole', () => {
  const room = { workAreas: [laptop], usual };
  expect(placementOf(rectangle(1500, 600, 1000, 800), room)).toEqual(
    rectangle(920, 240, 1000, 800),
  );
  expect(placementOf(rectangle(-900, -100, 1000, 800), room)).toEqual(rectangle(0, 0, 1000, 800));
});

test('a title bar under the menu bar or above the screen comes back below it', () => {
  const mac = rectangle(0, 38, 1512, 900);
  const placed = placementOf(rectangle(100, 0, 1000, 700), { workAreas: [mac], usual });
  expect(placed).toEqual(rectangle(100, 38, 1000, 700));
});

test('a window goes into the screen that shows most of it', () => {
  // Lower than the laptop, higher than the other: a corner of it is on neither.
  const kept = rectangle(-900, 600, 1400, 900);
  expect(placementOf(kept, { workAreas: [laptop, left], usual })).toEqual(
    rectangle(-1400, 540, 1400, 900),
  );
});

test('a screen that shows everything larger has room for less', () => {
  // The laptop at 150 %: what were 1920 points are 1280.
  const kept = rectangle(300, 100, 1500, 900);
  expect(placementOf(kept, { workAreas: [rectangle(0, 0, 1280, 693)], usual })).toEqual(
    rectangle(0, 0, 1280, 693),
  );
});

test('where no screen is known the size is kept and the system chooses the place', () => {
  expect(placementOf(rectangle(5, 5, 900, 700), { workAreas: [], usual })).toEqual({
    width: 900,
    height: 700,
  });
  expect(placementOf(null, { workAreas: [], usual })).toEqual(usual);
});

test('whatever was kept, the window is in sight, fits a screen, and stays there the next time', () => {
  const int = fc.integer({ min: -100_000, max: 100_000 });
  const size = fc.integer({ min: 1, max: 20_000 });
  const kept = fc.record({ x: int, y: int, width: size, height: size });
  const workAreas = [laptop, left, rectangle(1920, -500, 1080, 1800)];
  fc.assert(
    fc.property(kept, (window) => {
      const room = { workAreas, usual };
      const placed = placementOf(window, room);
      const { x = NaN, y = NaN, width, height } = placed;
      const holds = (area: Rectangle) =>
        x >= area.x - 8 && y >= area.y && x - 8 < area.x + area.width && y < area.y + area.height;
      expect(workAreas.some(holds)).toBe(true);
      expect(width).toBeLessThanOrEqual(window.width);
      expect(height).toBeLessThanOrEqual(window.height);
      expect(placementOf(rectangle(x, y, width, height), room)).toEqual(placed);
    }),
  );
});
