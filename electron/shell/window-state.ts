import { screen, type BrowserWindow } from 'electron';
import type { KeptWindow, WindowState } from '../core/window/kept-window.ts';
import { placementOf, type Placement } from '../core/window/placement.ts';

const usual = { width: 1320, height: 840 };

/** How a window opens. */
export type Opening = { placement: Placement; fills: WindowState['fills'] };

/** As it was left, on the screens there are now. Only after `ready`. */
export async function openingOf(kept: KeptWindow): Promise<Opening> {
  const state = await kept.read();
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const workAreas = [primary, ...others].map(({ workArea }) => workArea);
  return {
    placement: placementOf(state?.bounds ?? null, { workAreas, usual }),
    fills: state?.fills ?? 'nothing',
  };
}

/** From now on it is known how the window was left. */
export function keepState(window: BrowserWindow, kept: KeptWindow): void {
  const keep = (): void => {
    // What a minimised window was before is known from before.
    if (window.isMinimized()) return;
    kept.keep({ bounds: window.getNormalBounds(), fills: fillsNow(window) });
  };
  window.on('resize', keep);
  window.on('move', keep);
  window.on('maximize', keep);
  window.on('unmaximize', keep);
  window.on('enter-full-screen', keep);
  window.on('leave-full-screen', keep);
  window.on('close', keep);
}

function fillsNow(window: BrowserWindow): WindowState['fills'] {
  if (window.isFullScreen()) return 'screen';
  return window.isMaximized() ? 'work-area' : 'nothing';
}
