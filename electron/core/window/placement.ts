/** A place and a size, in the points that windows are measured in (not in pixels). */
export type Rectangle = { x: number; y: number; width: number; height: number };

/** Of a new window; the system chooses the place when it is absent. */
export type Placement = { width: number; height: number; x?: number; y?: number };

type Room = {
  /** What windows may cover of each screen; the first is the primary one's. None where there are no screens to be known. */
  workAreas: readonly Rectangle[];
  /** Of a window that was never open before. */
  usual: { width: number; height: number };
};

/** Windows has invisible borders of this width around each window, which hang over the edge of a screen. */
const BORDER = 8;

/**
 * Where a window that was here when it was closed is opened again. It stays where it was as long as all of it can be seen there,
 * also across screens. Else it goes into the screen that shows most of it, and into the middle of the primary one when none shows
 * any; it is made smaller where it does not fit.
 */
export function placementOf(kept: Rectangle | null, { workAreas, usual }: Room): Placement {
  const [primary] = workAreas;
  if (!primary) return kept ? { width: kept.width, height: kept.height } : usual;
  if (!kept) return fitted(usual, primary);
  if (isInSight(kept, workAreas)) return kept;
  const best = workAreas.reduce((one, other) =>
    shared(kept, other) > shared(kept, one) ? other : one,
  );
  const size = fitted(kept, best);
  if (shared(kept, best) === 0) {
    return {
      x: Math.round(primary.x + (primary.width - size.width) / 2),
      y: Math.round(primary.y + (primary.height - size.height) / 2),
      ...size,
    };
  }
  return {
    x: between(kept.x, best.x, best.x + best.width - size.width),
    y: between(kept.y, best.y, best.y + best.height - size.height),
    ...size,
  };
}

/** Screens don't cover one another, so what each shows adds up to all. */
function isInSight(window: Rectangle, workAreas: readonly Rectangle[]): boolean {
  const { x, y, width, height } = window;
  const seen = {
    ...{ x: x + BORDER, width: Math.max(1, width - 2 * BORDER) },
    ...{ y, height: Math.max(1, height - BORDER) },
  };
  const sum = workAreas.reduce((all, area) => all + shared(seen, area), 0);
  return sum >= seen.width * seen.height;
}

const fitted = (
  { width, height }: { width: number; height: number },
  area: Rectangle,
): { width: number; height: number } => ({
  width: Math.min(width, area.width),
  height: Math.min(height, area.height),
});

/** The area that two rectangles have in common. */
function shared(one: Rectangle, other: Rectangle): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(0, width) * Math.max(0, height);
}

const between = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(value, most));
